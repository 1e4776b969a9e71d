/** Entries and returns that a thread went through, as events that last. */
import type { NamedEvent } from "./timelines.js";

/** What a thread did at some time. */
export interface ThreadEvent extends NamedEvent {
  readonly thread: string;
}

const RETURN = /\.return(?:\.maxactive\(\d+\))?$/;

/** Whether any of them is a return, so that there may be pairs. */
export function haveReturns(events: readonly NamedEvent[]): boolean {
  return events.some(({ name }) => RETURN.test(name));
}

/**
 * A return and the last entry before it of the same point and thread are one event, named as the entry is. What has only one end
 * keeps its name: it goes on, or began before. Events come and go in the order of time.
 */
export function pairedSpans(events: readonly ThreadEvent[]): ThreadEvent[] {
  const open = new Map<string, number[]>();
  const spans: ThreadEvent[] = [];
  for (const event of events) {
    const point = event.name.replace(RETURN, "").replace(/\.call$/, "");
    const place = `${event.thread}\0${point}`;
    if (!RETURN.test(event.name)) {
      const begun = open.get(place);
      if (begun) begun.push(spans.length);
      else open.set(place, [spans.length]);
      spans.push(event);
      continue;
    }
    const entry = open.get(place)?.pop();
    const begun = spans[entry ?? -1];
    if (entry === undefined || !begun) spans.push(event);
    else spans[entry] = { ...begun, name: point, duration: event.start - begun.start };
  }
  return spans;
}

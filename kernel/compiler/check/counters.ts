/** `@perf("name")`: what a counter has counted that a point with `.counter("name")` asks for. */
import type { NamedCounter, TapsetFunction } from "../catalogue.js";
import { readCounter } from "../ir/counters.js";
import type { Diagnostics } from "../diagnostic.js";
import type * as ast from "../syntax/ast.js";
import { wrong, type Body, type Checked } from "./body.js";
import { callReader } from "./calls.js";
import * as messages from "./messages.js";
import { complaint, didYouMean, type Complaint } from "./messages.js";
import type { ExpandedProbe } from "./points.js";
import { literalText } from "./written_types.js";

/** The counters of a script by their names, each as the function that reads it; null where its point has been complained about. */
export type Counters = ReadonlyMap<string, TapsetFunction | null>;

/** Complains where two different ones have one name. */
export function collectCounters(
  probes: readonly { readonly definition: ast.ProbeDefinition; readonly resolved: readonly ExpandedProbe[] }[],
  diagnostics: Diagnostics,
): Counters {
  const found = new Map<string, { readonly counter: NamedCounter; readonly reader: TapsetFunction }>();
  const points = probes.flatMap(({ definition: { span }, resolved }) => resolved.map(({ probe }) => ({ probe, span })));
  for (const { probe, span } of points) {
    const counter = probe.kind === "user" ? probe.counter : undefined;
    if (!counter) continue;
    const known = found.get(counter.name)?.counter;
    if (!known) found.set(counter.name, { counter, reader: readerOf(counter) });
    else if (known.type !== counter.type || known.config !== counter.config || known.pid !== counter.pid)
      messages.report(diagnostics, span, counterTwice(counter.name));
  }
  const refused = probes.flatMap(({ definition }) => definition.points.flatMap(writtenCounter));
  return new Map([
    ...refused.map((name) => [name, null] as const),
    ...[...found].map(([name, { reader }]) => [name, reader] as const),
  ]);
}

/** Of a point that is complained about where it cannot be resolved. */
function writtenCounter({ components, optional, sufficient }: ast.ProbePoint): string[] {
  const name = components.find((component) => component.name === "counter")?.argument?.value;
  return typeof name === "string" && !optional && !sufficient ? [name] : [];
}

function readerOf(counter: NamedCounter): TapsetFunction {
  return {
    name: "@perf",
    topic: "context",
    summary: `What the counter ${counter.name} has counted.`,
    parameters: [],
    returns: "long",
    example: `@perf("${counter.name}")`,
    kernel: (emit) => readCounter(emit, counter),
    userRefusal: "a counter counts for the CPU or the thread that an event happens on",
  };
}

export function checkPerf(body: Body, node: ast.AtOperation): Checked {
  const [first, second] = node.arguments;
  if (!first || second) return body.refuse(node.span, messages.wrongArgumentCount("@perf", [1], node.arguments.length));
  const name = literalText(body, first, "`@perf`", "the name of a counter");
  if (name === null) return wrong(node.span);
  const { counters } = body.context;
  const reader = counters.get(name);
  if (reader === null) return wrong(node.span);
  if (!reader) return body.refuse(first.span, noSuchCounter(name, [...counters.keys()]));
  return callReader(body, node, reader);
}

const counterTwice = (name: string): Complaint =>
  complaint("counter/twice", `two different counters are called "${name}"`, "Give one of them another name.");

const noSuchCounter = (name: string, known: readonly string[]): Complaint =>
  complaint(
    "name/no-such-counter",
    `no probe point has a counter "${name}"`,
    didYouMean(name, known, `Declare it: \`probe perf.sw.page_faults.counter("${name}") {}\`.`),
  );

import { durationSeconds } from "./duration.js";
import { MagicError, type Magic } from "./magic.js";

/** What `%watch` asks for. */
export interface WatchRequest {
  readonly expression: string;
  readonly everySeconds: number;
  /** Null: until it is stopped. */
  readonly forSeconds: number | null;
}

const USAGE = "%watch EXPRESSION [every TIME] [for TIME], %watch stop";

/** What a timer of JavaScript can count. */
const MOST_SECONDS = 2_147_483;

/** At most four displays a second. */
const LEAST_SECONDS = 0.25;

export const watch: Magic = {
  name: "watch",
  kind: "line",
  usage: USAGE,
  summary:
    "shows what an expression over globals comes to and keeps that fresh, every second or as often as is said, until the cell is run again or %watch stop ends all of them",
  arguments: [
    { kind: "expression" },
    { kind: "option", text: "every", meaning: "how often: 250ms, 1s, 1m; every second where it is not said" },
    { kind: "option", text: "for", meaning: "how long; without end where it is not said" },
    { kind: "option", text: "stop", meaning: "ends all that are watched" },
  ],
  example:
    '%%bg counting for=1m\n%watch calls["read"] every 1s for 10s\nglobal calls\nprobe syscall_any { calls[name]++ }',
  async run(argument, session) {
    if (argument === "stop") return session.stopWatches();
    session.watch(parseWatch(argument));
  },
};

const END = /\s+(?<word>every|for)\s+(?<time>[^\s"]+)$/;

export function parseWatch(argument: string): WatchRequest {
  const refusal = (message: string): MagicError => new MagicError(message, `usage: ${USAGE}`);
  let expression = argument.trim();
  const times: { every?: number; for?: number } = {};
  for (let end = END.exec(expression); end; end = END.exec(expression)) {
    const { word = "", time = "" } = end.groups ?? {};
    const name = word === "every" ? "every" : "for";
    if (times[name] !== undefined) throw refusal(`%watch takes ${name} once`);
    const seconds = durationSeconds(time);
    if (seconds === null || seconds <= 0 || seconds > MOST_SECONDS)
      throw refusal(`%watch cannot read the time \`${time}\``);
    times[name] = seconds;
    expression = expression.slice(0, end.index);
  }
  if (expression === "" || /^(?:every|for)\b/.test(expression)) throw refusal("%watch needs an expression");
  const everySeconds = times.every ?? 1;
  if (everySeconds < LEAST_SECONDS) throw refusal("every needs at least 250ms: a display changes four times a second");
  return { expression, everySeconds, forSeconds: times.for ?? null };
}

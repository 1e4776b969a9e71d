import { MagicError, type Magic, type MagicProbe, type MagicSession, type MagicTrace } from "./magic.js";

export const traces: Magic = {
  name: "traces",
  kind: "line",
  usage: "%traces",
  summary: "lists the traces that run in the background, with their probes, hits and cost",
  example: "%traces",
  run(argument, session) {
    if (argument !== "") throw new MagicError("%traces takes no argument", "usage: %traces");
    const all = session.traces();
    session.print(all.length === 0 ? "no trace runs in the background\n" : all.map(lines).join(""));
  },
};

function lines({ name, cell, state, probes }: MagicTrace): string {
  return `${name} (${cell}): ${state}\n${probes.map(probeLine).join("")}`;
}

function probeLine({ point, mechanism, hits, isOn, nanosecondsPerHit }: MagicProbe): string {
  const cost = nanosecondsPerHit === null ? "" : ` · ${Math.round(nanosecondsPerHit)} ns/hit`;
  return `    ${point}  by ${mechanism}  hits ${hits}${cost}${isOn ? "" : " · off"}\n`;
}

export const stop: Magic = {
  name: "stop",
  kind: "line",
  usage: "%stop NAME…",
  summary:
    "ends traces that run in the background, with their end probes and results, and says how they did; %stop * ends all",
  arguments: [{ kind: "trace" }],
  example: "%stop reads",
  run: (argument, session) => session.stopTraces(chosen(argument, session, "%stop")),
};

export const pause: Magic = {
  name: "pause",
  kind: "line",
  usage: "%pause NAME…",
  summary: "keeps events and timers from traces in the background until %resume; what happens meanwhile is not counted",
  arguments: [{ kind: "trace" }],
  example: "%pause reads",
  run: (argument, session) => session.pauseTraces(chosen(argument, session, "%pause"), true),
};

export const resume: Magic = {
  name: "resume",
  kind: "line",
  usage: "%resume NAME…",
  summary: "lets traces go on that %pause holds",
  arguments: [{ kind: "trace" }],
  example: "%resume reads",
  run: (argument, session) => session.pauseTraces(chosen(argument, session, "%resume"), false),
};

/** The traces that an argument names; a star is all of them. */
function chosen(argument: string, session: MagicSession, magic: string): readonly string[] {
  const known = session.traces().map(({ name }) => name);
  const list = known.length === 0 ? "none runs" : `there are ${known.join(", ")}`;
  if (argument === "*") return known;
  const names = argument.split(/\s+/).filter((name) => name !== "");
  if (names.length === 0) throw new MagicError(`${magic} needs the name of a trace`, list);
  const missing = names.find((name) => !known.includes(name));
  if (missing !== undefined) throw new MagicError(`no trace ${missing} runs in the background`, list);
  return names;
}

const PROBE_USAGE = "%probe POINT on|off";

export const probe: Magic = {
  name: "probe",
  kind: "line",
  usage: PROBE_USAGE,
  summary: "switches a single probe of the traces in the background off or on, as %traces calls it; the others go on",
  arguments: [
    { kind: "probe" },
    { kind: "option", text: "on", meaning: "lets it run" },
    { kind: "option", text: "off", meaning: "keeps events from it; it stays attached" },
  ],
  example: "%probe syscall.read off",
  run(argument, session) {
    const { point, state } = /^(?<point>\S.*?)\s+(?<state>on|off)$/.exec(argument)?.groups ?? {};
    if (point === undefined) throw new MagicError("%probe needs a probe, and on or off", `usage: ${PROBE_USAGE}`);
    const known = [...new Set(session.traces().flatMap(({ probes }) => probes.map((each) => each.point)))];
    if (!known.includes(point))
      throw new MagicError(
        `no trace in the background has a probe ${point}`,
        known.length === 0 ? "none runs" : `there are ${known.join(", ")}`,
      );
    session.setProbe(point, state === "on");
  },
};

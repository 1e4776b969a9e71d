/** What whoever runs a script has every one of its probes on events do last. */
import type { Source } from "../source.js";
import type { Block, ProbeDefinition, Script, Statement } from "./ast.js";
import { parseScript, type ParseOptions } from "./parse.js";

/** No events: what happens there, the script does for itself. */
const OWN = new Set(["begin", "end", "error", "never"]);

/** `statements` run where a probe's own come to their end, so that its `next` skips them. */
export function withEpilogue(script: Script, statements: Source, conditions: ParseOptions["conditions"]): Script {
  const epilogue = parsed(statements, conditions);
  return {
    ...script,
    items: script.items.map((item) => (item.kind === "probe" && isOnEvents(item) ? appended(item, epilogue) : item)),
  };
}

function parsed({ name, text }: Source, conditions: ParseOptions["conditions"]): readonly Statement[] {
  const source = { name, text: `probe begin { ${text} }` };
  const { script } = parseScript(source, { mode: "script", arguments: [], conditions, macros: new Map() });
  return script.items.flatMap((item) => (item.kind === "probe" ? item.body.statements : []));
}

function appended(probe: ProbeDefinition, epilogue: readonly Statement[]): ProbeDefinition {
  const body: Block = { ...probe.body, statements: [...probe.body.statements, ...epilogue] };
  return { ...probe, body };
}

function isOnEvents({ points }: ProbeDefinition): boolean {
  return points.some(({ components: [first, second] }) => {
    if (first === undefined || OWN.has(first.name)) return false;
    return first.name !== "timer" || second?.name === "profile";
  });
}

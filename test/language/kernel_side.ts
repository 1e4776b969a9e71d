/** The same body as a handler in the kernel: an example with one `probe begin` is run both ways. */
import type { ProbeDefinition } from "../../kernel/compiler/syntax/ast.js";
import { parseScript } from "../../kernel/compiler/syntax/parse.js";
import { machineConditions } from "../../kernel/session/conditions.js";
import type { Script } from "../backends/sides.js";
import type { Example } from "./chapters.js";
import { SCRIPT_NAME } from "./run_example.js";

/** The script without its probe point; null where it has not one handler alone, and that for `begin`. */
export function asOneHandler({ code, options }: Example): Script | null {
  const { guru, limits, globalValues } = options.settings;
  const isPlain = Object.keys(limits).length === 0 && globalValues.size === 0 && options.arguments.length === 0;
  if (options.mode === "cell" || options.lastPass !== null || guru || !isPlain) return null;
  const source = { name: SCRIPT_NAME, text: code };
  const { script } = parseScript(source, {
    mode: "script",
    arguments: [],
    conditions: machineConditions(false),
    macros: new Map(),
  });
  if (script.items.some(({ kind }) => kind === "alias")) return null;
  const probes = script.items.filter((item): item is ProbeDefinition => item.kind === "probe");
  const [probe] = probes;
  if (!probe || probes.length !== 1 || probe.span.source !== source) return null;
  const { points, body } = probe;
  if (code.slice(points[0]!.span.start, points.at(-1)!.span.end) !== "begin") return null;
  const inside = code.slice(body.span.start + 1, body.span.end - 1);
  return { declarations: code.slice(0, probe.span.start) + code.slice(probe.span.end), body: inside };
}

/** The three kinds of error in words: about the cell, about the machine, about us. */
import { formatDiagnostic, type Diagnostic } from "../compiler/diagnostic.js";
import { positionAt } from "../compiler/source.js";
import { isEngineError, type EngineError, type Native } from "../tracing/native.js";
import type { ScriptFailure } from "../tracing/trace.js";

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly lines: readonly string[];
}

export function diagnosticFailure(diagnostics: readonly Diagnostic[]): Failure {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const name = first?.pass === "parse" ? "ParseError" : first?.pass === "semantic" ? "SemanticError" : "CompileError";
  return { name, message: first?.message ?? "", lines: errors.flatMap((diagnostic) => [...formatDiagnostic(diagnostic).split("\n"), ""]).slice(0, -1) };
}

/** As SystemTap words it, with the excerpt that it lacks. */
export function scriptFailureLine({ message, span, point, calls }: ScriptFailure): string {
  const place = (where: NonNullable<ScriptFailure["span"]>): string => {
    const { line, column } = positionAt(where.source, where.start);
    return `${where.source.name}:${line}:${column}`;
  };
  const near = span ? ` near ${tokenAt(span)} at ${place(span)}` : "";
  const chain = calls.map((call) => ` (called from ${place(call.span)})`).join("");
  return `ERROR: ${message}${near}${chain}${point === "" ? "" : ` in probe ${point}`}`;
}

function tokenAt(span: NonNullable<ScriptFailure["span"]>): string {
  const text = span.source.text.slice(span.start, span.end);
  const token = /^(?:[A-Za-z_$@][\w$]*|\d+|"[^"\n]*"|\S)/.exec(text)?.[0] ?? "";
  const kind = /^[A-Za-z_$]/.test(token) ? "identifier" : /^\d/.test(token) ? "number" : token.startsWith('"') ? "string" : "operator";
  return `${kind} '${token}'`;
}

/** Capabilities that tracing takes, and what each is for. */
const NEEDED = [
  ["CAP_BPF", "to load eBPF programs"],
  ["CAP_PERFMON", "to attach them to events"],
] as const;

/** Those of them that this process has not. */
export function missingCapabilities(native: Native): readonly string[] {
  const own = new Set(native.capabilities());
  return own.has("CAP_SYS_ADMIN") ? [] : NEEDED.map(([capability]) => capability).filter((capability) => !own.has(capability));
}

export function machineFailure(error: EngineError, native: Native): Failure {
  const lines = [error.message];
  if (error.code === "EPERM" || error.code === "EACCES") {
    const own = new Set(native.capabilities());
    const missing = own.has("CAP_SYS_ADMIN") ? [] : NEEDED.filter(([capability]) => !own.has(capability));
    if (missing.length > 0) {
      lines.push(`This process lacks ${missing.map(([capability, purpose]) => `${capability} (${purpose})`).join(" and ")}.`);
      lines.push("Run the Jupyter server as root, or grant them: setcap cap_bpf,cap_perfmon+ep to the node binary that the kernel runs with.");
    } else lines.push("All capabilities are there, so a security policy of this machine (lockdown, seccomp, a container) refuses it; Tapbook respects that.");
  }
  if (error.verifierLog) lines.push("The kernel's verifier refused a program that Tapbook made. Please report this with the cell and the lines below.", ...lastLines(error.verifierLog));
  return { name: "MachineError", message: error.message, lines };
}

function lastLines(log: string): string[] {
  return log.trimEnd().split("\n").slice(-12);
}

/** Anything else is a defect of ours. */
export function failureOf(error: unknown, native: Native): Failure {
  if (isEngineError(error)) return machineFailure(error, native);
  const cause = error instanceof Error ? error : new Error(String(error));
  return { name: "InternalError", message: cause.message, lines: [...(cause.stack ?? cause.message).split("\n"), "This is a defect of Tapbook: please report it with the cell that shows it."] };
}

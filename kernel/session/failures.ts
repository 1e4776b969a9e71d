/** The three kinds of error in words: about the cell, about the machine, about us. */
import { formatDiagnostic, type Diagnostic } from "../compiler/diagnostic.js";
import type { CompiledScript } from "../compiler/compiled.js";
import { positionAt, type Span } from "../compiler/source.js";
import { isKeyword } from "../compiler/syntax/token.js";
import { isEngineError, type EngineError, type Native } from "../tracing/native.js";
import type { ScriptFailure } from "../tracing/trace_options.js";
import { oldKernelSentence } from "./old_kernel.js";

/** An error as front ends show it. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly lines: readonly string[];
}

/** A text that was refused: every error of it, under the name of the pass that found the first. */
export function diagnosticFailure(diagnostics: readonly Diagnostic[]): Failure {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const name = first?.pass === "parse" ? "ParseError" : first?.pass === "semantic" ? "SemanticError" : "CompileError";
  return {
    name,
    message: first?.message ?? "",
    lines: errors.flatMap((diagnostic) => [...formatDiagnostic(diagnostic).split("\n"), ""]).slice(0, -1),
  };
}

/** Run-time errors that are told one by one. */
const MOST_SCRIPT_FAILURES = 10;

/** What stopped a script while it ran: as SystemTap words it, with the line of the script that it lacks. */
export function scriptFailure(failures: readonly ScriptFailure[]): Failure {
  const lines = failures
    .slice(0, MOST_SCRIPT_FAILURES)
    .flatMap((failure) => [scriptFailureLine(failure), ...excerptOf(failure)]);
  const others = failures.length - MOST_SCRIPT_FAILURES;
  if (others > 0) lines.push(`${others} more run-time errors followed.`);
  return { name: "ScriptError", message: failures[0]?.message ?? "", lines };
}

/** A diagnostic without its first line. */
function excerptOf({ span }: Pick<ScriptFailure, "span">): string[] {
  if (!span) return [];
  return formatDiagnostic({ code: "", severity: "error", pass: "compile", message: "", span }).split("\n").slice(1);
}

/** The user did not want the cell any more; `consequence` is a sentence. */
export function interrupted(consequence: string): Failure {
  return { name: "Interrupted", message: "the cell was interrupted", lines: [consequence] };
}

/** What the checker calls the point of a cell's bare statements. */
const STATEMENTS_POINT = "cell";

/** One line, as SystemTap words it. */
export function scriptFailureLine({ message, span, point, calls }: ScriptFailure): string {
  const place = (where: NonNullable<ScriptFailure["span"]>): string => {
    const { line, column } = positionAt(where.source, where.start);
    return `${where.source.name}:${line}:${column}`;
  };
  const near = span ? ` near ${tokenAt(span)} at ${place(span)}` : "";
  const chain = calls.map((call) => ` (called from ${place(call.span)})`).join("");
  const isProbe = point !== "" && point !== STATEMENTS_POINT;
  return `ERROR: ${message.replace(/\n+$/, "")}${near}${chain}${isProbe ? ` in probe ${point}` : ""}`;
}

function tokenAt(span: NonNullable<ScriptFailure["span"]>): string {
  const text = span.source.text.slice(span.start, span.end);
  const token = /^(?:@?[A-Za-z_$][\w$]*|\d\w*|"(?:\\.|[^"\\\n])*"|[/%]=|\S)/.exec(text)?.[0] ?? "";
  return `${kindOfToken(token)} '${token.replace(/^"|"$/g, "")}'`;
}

/** As SystemTap names them: `@count` is an operator. */
function kindOfToken(token: string): string {
  if (/^[A-Za-z_$]/.test(token)) return isKeyword(token) ? "keyword" : "identifier";
  if (/^\d/.test(token)) return "number";
  return token.startsWith('"') ? "string" : "operator";
}

/** Capabilities that tracing takes, and what each is for. */
const NEEDED = [
  ["CAP_BPF", "to load eBPF programs"],
  ["CAP_PERFMON", "to attach them to events"],
] as const;

/** Those of them that this process has not. */
export function missingCapabilities(native: Native): readonly string[] {
  const own = new Set(native.capabilities());
  return own.has("CAP_SYS_ADMIN")
    ? []
    : NEEDED.map(([capability]) => capability).filter((capability) => !own.has(capability));
}

/** `script`: what was being loaded, where the cell got that far. */
export function machineFailure(error: EngineError, native: Native, script?: CompiledScript): Failure {
  const tooOld = oldKernelSentence(error);
  if (tooOld !== null) return { name: "MachineError", message: tooOld, lines: [tooOld] };
  const lines = [`error: ${error.message}`];
  if (error.verifierLog !== undefined && error.verifierLog !== "")
    lines.push(...verifierRefusal(error, error.verifierLog, script));
  else if (error.code === "EPERM" || error.code === "EACCES") lines.push(...permissionAdvice(native));
  return { name: "MachineError", message: error.message, lines };
}

function permissionAdvice(native: Native): string[] {
  const missing = missingCapabilities(native);
  if (missing.length === 0) {
    return [
      "This process has every capability that tracing takes, so a security policy of this machine (lockdown, seccomp, a container) refuses it; Tapbook respects that.",
    ];
  }
  const purposes = NEEDED.filter(([capability]) => missing.includes(capability)).map(
    ([capability, purpose]) => `${capability} (${purpose})`,
  );
  return [
    `This process lacks ${purposes.join(" and ")}.`,
    `hint: run the Jupyter server as root, or give the node binary that runs the kernel what it lacks: setcap ${missing.join(",").toLowerCase()}+ep ${process.execPath}`,
  ];
}

function verifierRefusal(error: EngineError, log: string, script: CompiledScript | undefined): string[] {
  const span = script && spanOfRefusal(error, log, script);
  return [
    "The kernel's verifier did not accept the program that Tapbook made of this cell. That is a defect of Tapbook, not of the cell: please report it with the lines below.",
    ...excerptOf({ span }),
    "The end of the verifier's log:",
    ...lastLines(log),
  ];
}

/** What was written there became the last instruction that the verifier looked at. */
function spanOfRefusal(error: EngineError, log: string, script: CompiledScript): Span | undefined {
  const number = [...log.matchAll(/^(?<number>\d+): \(/gm)].at(-1)?.groups?.["number"];
  const program = script.programs.find(({ name }) => error.operation.includes(`"${name.slice(0, 15)}"`));
  if (number === undefined) return undefined;
  return program?.lines.findLast(({ instruction }) => instruction <= Number(number))?.span;
}

function lastLines(log: string): string[] {
  return log.trimEnd().split("\n").slice(-12);
}

/** Anything else is a defect of ours. */
export function failureOf(error: unknown, native: Native): Failure {
  if (isEngineError(error)) return machineFailure(error, native);
  const cause = error instanceof Error ? error : new Error(String(error));
  return {
    name: "InternalError",
    message: cause.message,
    lines: [
      "This is a defect of Tapbook: please report it with the cell that shows it.",
      ...(cause.stack ?? cause.message).split("\n"),
    ],
  };
}

/** Variables of the program whose code a probe is on, those of no function, by the names that its source gives them. */
import type { ContextVariable, ProbedProgram } from "../catalogue.js";
import type { ProgramVariable } from "../debug_information.js";
import type { Emitter } from "../ir/emitter.js";
import { long, type Operand } from "../ir/values.js";
import type { Span } from "../source.js";
import { placeAt, type Place } from "./data_access.js";
import { DataVariable } from "./data_flow.js";
import * as complaints from "./data_messages.js";
import { addOffset, constant } from "./memory_reads.js";
import type { Complaint } from "./messages.js";
import type { Expression } from "./program.js";

/** A variable as `@var` names it: `name`, or `name@file.c` with the end of the path of its source. */
export interface WrittenVariable {
  readonly name: string;
  readonly file: string | null;
}

export function readVariableName(text: string): WrittenVariable {
  const [name = "", file = null] = text.split("@");
  return { name, file };
}

/** The variable, why it is out of reach, or null where the program has none of the name. */
export function findProgramVariable(
  program: ProbedProgram,
  written: WrittenVariable,
  span: Span,
): Place | { readonly complaint: Complaint } | null {
  const { debug, path } = program.file;
  const all = debug?.variablesNamed(written.name) ?? [];
  const fitting = all.filter(({ file }) => written.file === null || isSource(file, written.file));
  if (debug && fitting.length > 0) {
    const chosen = choose(fitting, program.sourceFile);
    if (!chosen) {
      const files = [...new Set(fitting.map(({ file }) => file))];
      return { complaint: complaints.severalVariables(written.name, path, files) };
    }
    return placeOf(program, chosen, new DataVariable({ types: debug.types, id: chosen.type }), span);
  }
  if (written.file !== null && all.length > 0)
    return {
      complaint: complaints.variableElsewhere(
        written.name,
        written.file,
        all.map(({ file }) => file),
      ),
    };
  const address = written.file === null ? program.file.addressOf(written.name) : null;
  return address === null ? null : placeAtAddress(program, written.name, address, new DataVariable(), span);
}

export function isSource(path: string, written: string): boolean {
  return path === written || path.endsWith(`/${written}`);
}

/** The one that everybody sees, or the one of the probed function's own file; null where nothing tells which is meant. */
function choose(found: readonly ProgramVariable[], sourceFile: string | null): ProgramVariable | null {
  const own = found.filter(({ file }) => sourceFile !== null && file === sourceFile);
  const external = found.filter(({ external: isExternal }) => isExternal);
  const [first] = own.length > 0 ? own : external.length > 0 ? external : found.length === 1 ? found : [];
  return first ?? null;
}

/** DW_OP_addr, DW_OP_plus_uconst, and the two that lead to what each thread has its own of. */
const ADDRESS = 0x03;
const PLUS = 0x23;
const OF_THREADS: ReadonlySet<number> = new Set([0x9b, 0xe0]);

function placeOf(
  program: ProbedProgram,
  { name, locations, constant: value }: ProgramVariable,
  data: DataVariable,
  span: Span,
): Place | { readonly complaint: Complaint } {
  if (value !== null)
    return { ...placeAt(span, data, () => constant(value, span)), value: () => constant(value, span) };
  const operations = locations[0]?.operations ?? [];
  const [start, offset, more] = operations;
  if (operations.some(({ code }) => OF_THREADS.has(code)))
    return start && offset && OF_THREADS.has(offset.code) && !more
      ? placeInThread(program, name, start.first, data, span)
      : { complaint: complaints.variableUnplaced(name, program.file.path) };
  if (start?.code !== ADDRESS || more || (offset && offset.code !== PLUS))
    return { complaint: complaints.variableUnplaced(name, program.file.path) };
  return placeAtAddress(program, name, start.first + (offset?.first ?? 0n), data, span);
}

/** `offset` from the start of what each thread has of its own. */
function placeInThread(
  { threadStorage, file }: ProbedProgram,
  name: string,
  offset: bigint,
  data: DataVariable,
  span: Span,
): Place | { readonly complaint: Complaint } {
  if (typeof threadStorage !== "function")
    return { complaint: complaints.variableOfThreads(name, file.path, threadStorage.reason) };
  const base = emitted("thread storage", "Where the thread has its own variables.", threadStorage, span);
  return placeAt(span, data, () => addOffset(base, constant(offset, span), span));
}

function placeAtAddress(
  { bias, file }: ProbedProgram,
  name: string,
  address: bigint,
  data: DataVariable,
  span: Span,
): Place | { readonly complaint: Complaint } {
  if (typeof bias !== "function") return { complaint: complaints.programMoved(name, file.path, bias.reason) };
  const base = emitted("bias", "How far the program's addresses were moved.", bias, span);
  const at = constant(address, span);
  return placeAt(span, data, () => (file.isPositionIndependent ? addOffset(base, at, span) : at));
}

function emitted(name: string, summary: string, emitter: (emit: Emitter) => Operand, span: Span): Expression {
  const variable: ContextVariable = { name, type: "long", summary, kernel: (emit) => long(emitter(emit)) };
  return { kind: "context", type: "long", span, variable };
}

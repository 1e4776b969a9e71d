/** Soft errors in the kernel: the message's number, catchable by `try`, else sent to user space. */
import { HELPER } from "../bpf/helper_functions.js";
import {
  CONTROL_ERRORS,
  CONTROL_MAP,
  CONTROL_STATE,
  COUNTER_ERRORS,
  RECORD_ERROR,
  RECORD_NESTED_ERROR,
  RING_MAP,
  STATE_STOPPED,
  type CallSite,
} from "../compiled.js";
import type { Emitter } from "./emitter.js";
import { copyString } from "./strings.js";
import { StringBuilder } from "./string_builder.js";
import type { Operand, StringValue } from "./values.js";

/** Record head, site, number; the text of `error()` behind. */
const HEAD = 24;

function errorRecord(emit: Emitter): number {
  emit.errorRecord ??= emit.allocatePermanent(recordSize(emit));
  return emit.errorRecord;
}

/**
 * Where functions call themselves, the calls that led to the error stand behind the text: their count, as many words as there may
 * be, and how many those are.
 */
function recordSize(emit: Emitter): number {
  return callsOffset(emit) + (emit.mostCalls > 0 ? 16 + 8 * emit.mostCalls : 0);
}

function callsOffset(emit: Emitter): number {
  return HEAD + emit.maxStringLength;
}

/** An error on its way out passes these calls, innermost first. */
export function appendCalls(emit: Emitter, calls: readonly CallSite[]): void {
  const at = errorRecord(emit) + callsOffset(emit);
  const count = emit.load("scratch", at);
  const full = emit.label("full");
  emit.branch("uge", count, BigInt(emit.mostCalls), full);
  const place = emit.alu("add", emit.scratchAddress(at + 8), emit.alu("lsh", count, 3n));
  emit.store(place, 0, BigInt(emit.tables.callChain(calls)));
  emit.store("scratch", at, emit.alu("add", emit.load("scratch", at), 1n));
  emit.place(full);
}

/** Raises an error whose text is fixed, but for one number that may stand in it as `%d`, or as `%x` for an address. */
export function raise(emit: Emitter, message: string, number: Operand = 0n): void {
  const record = errorRecord(emit);
  const site = emit.tables.errorSite({ message, span: emit.currentSpan, point: emit.point, calls: emit.calls });
  emit.store("scratch", record + 8, BigInt(site));
  emit.store("scratch", record + 16, number);
  if (emit.catchesText) writeMessage(emit, message, number, record + HEAD);
  else emit.store("scratch", record + HEAD, 0n);
  leaveByError(emit);
}

/** `catch (text)` wants the message as a string. */
function writeMessage(emit: Emitter, message: string, number: Operand, offset: number): void {
  emit.temporaries(() => {
    const builder = new StringBuilder(emit, emit.maxStringLength, 128);
    const [head = "", tail] = message.split(/%[dx]/);
    builder.append({ kind: "literal", text: head });
    if (tail !== undefined) {
      builder.appendNumber(message.includes("%x") ? "0x%llx" : "%lld", number);
      builder.append({ kind: "literal", text: tail });
    }
    copyString(emit, builder.finish(), offset, emit.maxStringLength);
  });
}

/** Raises an error with a text of the script: `error(text)`. */
export function raiseText(emit: Emitter, text: StringValue): void {
  const record = errorRecord(emit);
  const site = emit.tables.errorSite({ message: null, span: emit.currentSpan, point: emit.point, calls: emit.calls });
  copyString(emit, text, record + HEAD, emit.maxStringLength);
  emit.store("scratch", record + 8, BigInt(site));
  emit.store("scratch", record + 16, 0n);
  leaveByError(emit);
}

function leaveByError(emit: Emitter): void {
  if (emit.mostCalls > 0) emit.store("scratch", errorRecord(emit) + callsOffset(emit), 0n);
  if (!emit.errorExit) throw new Error("there is nowhere for an error to go");
  emit.leave(emit.errorExit);
}

/** What a handler does with an error that nothing caught: counts it, reports it, and ends the trace when there were too many. */
export function reportError(emit: Emitter): void {
  const record = errorRecord(emit);
  emit.count(COUNTER_ERRORS);
  emit.store(
    "scratch",
    record,
    BigInt(emit.mostCalls > 0 ? RECORD_NESTED_ERROR : RECORD_ERROR) | (BigInt(emit.handler) << 32n),
  );
  if (emit.mostCalls > 0) emit.store("scratch", record + recordSize(emit) - 8, BigInt(emit.mostCalls));
  const control = emit.mapValue(CONTROL_MAP, CONTROL_ERRORS);
  const before = emit.fetch("add", control, 0, 1n);
  emit.when("uge", before, BigInt(emit.limits.maxErrors), () => {
    emit.store(emit.mapValue(CONTROL_MAP, CONTROL_STATE), 0, STATE_STOPPED);
  });
  emit.call(HELPER.ringbuf_output, [emit.map(RING_MAP), { scratch: record }, BigInt(recordSize(emit)), 2n]);
}

/** The text of the caught error, for `catch (text)`. */
export function caughtText(emit: Emitter): StringValue {
  const record = errorRecord(emit);
  return { kind: "bytes", offset: record + HEAD, size: emit.maxStringLength };
}

/** Soft errors in the kernel: the message's number, catchable by `try`, else sent to user space. */
import { HELPER } from "../bpf/helper_functions.js";
import {
  CONTROL_ERRORS,
  CONTROL_MAP,
  CONTROL_STATE,
  COUNTER_ERRORS,
  RECORD_ERROR,
  RING_MAP,
  STATE_STOPPED,
} from "../compiled.js";
import type { Emitter } from "./emitter.js";
import { copyString } from "./strings.js";
import { StringBuilder } from "./string_builder.js";
import type { Operand, StringValue } from "./values.js";

/** Record head, site, number; the text of `error()` behind. */
const HEAD = 24;

function errorRecord(emit: Emitter): number {
  emit.errorRecord ??= emit.allocatePermanent(HEAD + emit.maxStringLength);
  return emit.errorRecord;
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
  if (!emit.errorExit) throw new Error("there is nowhere for an error to go");
  emit.leave(emit.errorExit);
}

/** What a handler does with an error that nothing caught: counts it, reports it, and ends the trace when there were too many. */
export function reportError(emit: Emitter): void {
  const record = errorRecord(emit);
  emit.count(COUNTER_ERRORS);
  emit.store("scratch", record, BigInt(RECORD_ERROR) | (BigInt(emit.handler) << 32n));
  const control = emit.mapValue(CONTROL_MAP, CONTROL_ERRORS);
  const before = emit.fetch("add", control, 0, 1n);
  emit.when("uge", before, BigInt(emit.limits.maxErrors), () => {
    emit.store(emit.mapValue(CONTROL_MAP, CONTROL_STATE), 0, STATE_STOPPED);
  });
  emit.call(HELPER.ringbuf_output, [emit.map(RING_MAP), { scratch: record }, BigInt(HEAD + emit.maxStringLength), 2n]);
}

/** The text of the caught error, for `catch (text)`. */
export function caughtText(emit: Emitter): StringValue {
  const record = errorRecord(emit);
  return { kind: "bytes", offset: record + HEAD, size: emit.maxStringLength };
}

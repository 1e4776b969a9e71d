/** The kernel's symbols by their addresses inside a probe, where the kernel's own `snprintf` knows them. */
import { HELPER } from "../bpf/helper_functions.js";
import type { SymbolForm } from "../text/symbols.js";
import type { Emitter } from "./emitter.js";
import { copyString } from "./strings.js";
import { StringBuilder } from "./string_builder.js";
import type { Operand, StringValue } from "./values.js";

/** Longer than any name that a C compiler makes; what Rust makes is cut. */
const NAME_SIZE = 128;
const MODULE_SIZE = 64;
/** A name, offset, size and a module. */
const DATA_SIZE = 256;

export function symbolSize(form: SymbolForm): number {
  return form === "name" ? NAME_SIZE : form === "module" ? MODULE_SIZE : DATA_SIZE;
}

export function copySymbol(
  emit: Emitter,
  { form, operand }: Extract<StringValue, { kind: "symbol" }>,
  offset: number,
  size: number,
): void {
  emit.temporaries(() => {
    const text = kernelText(emit, form === "data" ? "%pS" : "%ps", operand);
    const blank = findBlank(emit, text);
    if (form === "name") return cutAt(emit, text, blank, offset, size);
    const builder = new StringBuilder(emit, symbolSize(form), DATA_SIZE);
    const isNumber = isHexadecimal(emit, text);
    if (form === "data") {
      builder.append({ kind: "bytes", offset: text, size: DATA_SIZE });
      emit.when("eq", emit.alu("or", isNumber, emit.load("scratch", blank)), 0n, () =>
        builder.append({ kind: "literal", text: " [kernel]" }),
      );
      return copyString(emit, builder.finish(), offset, size);
    }
    const done = emit.label("module");
    emit.branch("ne", isNumber, 0n, done);
    emit.when(
      "eq",
      emit.load("scratch", blank),
      0n,
      () => builder.append({ kind: "literal", text: "kernel" }),
      () => {
        // Behind the blank stands `[module]`.
        const start = emit.alu("and", emit.alu("add", emit.load("scratch", blank), 2n), BigInt(DATA_SIZE - 1));
        const name = emit.allocate(MODULE_SIZE);
        emit.zero(name, MODULE_SIZE);
        const length = emit.call(HELPER.probe_read_kernel_str, [
          { scratch: name },
          BigInt(MODULE_SIZE),
          emit.alu("add", emit.scratchAddress(text), start),
        ]);
        const last = emit.alu("and", emit.alu("sub", length, 2n), BigInt(MODULE_SIZE - 1));
        emit.store(emit.alu("add", emit.scratchAddress(name), last), 0, 0n, 1);
        builder.append({ kind: "bytes", offset: name, size: MODULE_SIZE });
      },
    );
    emit.place(done);
    copyString(emit, builder.finish(), offset, size);
  });
}

/** What `snprintf` makes of an address: `name`, `name+0x1/0x20 [module]`, or the address where it lies in no symbol. */
function kernelText(emit: Emitter, format: string, address: Operand): number {
  const text = emit.allocate(DATA_SIZE);
  emit.zero(text, DATA_SIZE);
  const constant = emit.tables.text(format);
  const data = emit.allocate(8);
  emit.store("scratch", data, address);
  emit.call(HELPER.snprintf, [
    { scratch: text },
    BigInt(DATA_SIZE),
    emit.mapValue(constant.map, constant.offset),
    { scratch: data },
    8n,
  ]);
  return text;
}

/** Memory with the place of the first blank, 0 where there is none. */
function findBlank(emit: Emitter, text: number): number {
  const blank = emit.allocate(8);
  emit.store("scratch", blank, 0n);
  const found = emit.exit("found");
  emit.loop(BigInt(DATA_SIZE), (index) => {
    const place = emit.alu("and", index, BigInt(DATA_SIZE - 1));
    const character = emit.load(emit.alu("add", emit.scratchAddress(text), place), 0, 1);
    const other = emit.label("other");
    const end = emit.label("end");
    emit.branch("eq", character, 0n, end);
    emit.branch("ne", character, BigInt(" ".charCodeAt(0)), other);
    emit.store("scratch", blank, place);
    emit.place(end);
    emit.leave(found);
    emit.place(other);
  });
  emit.placeExit(found);
  return blank;
}

/** 1 where the text is an address. */
function isHexadecimal(emit: Emitter, text: number): Operand {
  const head = emit.load("scratch", text, 2);
  const result = emit.set(0n);
  emit.when("eq", head, BigInt("0".charCodeAt(0) | ("x".charCodeAt(0) << 8)), () => emit.assign(result, 1n));
  return result;
}

function cutAt(emit: Emitter, text: number, blank: number, offset: number, size: number): void {
  const name = emit.allocate(NAME_SIZE);
  emit.zero(name, NAME_SIZE);
  const length = emit.set(emit.load("scratch", blank));
  emit.when("eq", length, 0n, () => emit.assign(length, BigInt(NAME_SIZE - 1)));
  emit.when("ugt", length, BigInt(NAME_SIZE - 1), () => emit.assign(length, BigInt(NAME_SIZE - 1)));
  const bytes = emit.alu("add", length, 1n);
  emit.call(HELPER.probe_read_kernel_str, [{ scratch: name }, bytes, emit.scratchAddress(text)]);
  copyString(emit, { kind: "bytes", offset: name, size: NAME_SIZE }, offset, size);
}

/** Globals in the kernel: reading, writing, adding without losing, deleting. */
import type { GlobalVariable } from "../check/program.js";
import { COUNTER_MAP_FULL, type GlobalLayout } from "../compiled.js";
import { HELPER } from "../bpf/helper_functions.js";
import { fieldOffsets, fieldSize, INSERTED, keySize, valueOffset, valueSize } from "../layout.js";
import { INLINE_COPY, type Emitter } from "./emitter.js";
import { raise } from "./errors.js";
import { EXISTS, putElement } from "./eviction.js";
import { storeField, storeKeyPart } from "./fields.js";
import { requireCertainKeys } from "./uncertain_keys.js";
import type { KernelValue, Operand, Register } from "./values.js";

const NOEXIST = 1n;
const ANY = 0n;

export function mapName(global: GlobalVariable): string {
  return `global:${global.name}`;
}

/** Puts a key together in scratch memory and returns where. */
export function buildKey(emit: Emitter, layout: GlobalLayout, parts: readonly KernelValue[]): number {
  const offset = emit.allocate(keySize(layout));
  if (parts.length === 0) {
    emit.store("scratch", offset, 0n);
    return offset;
  }
  const offsets = fieldOffsets(layout.keys);
  parts.forEach((part, column) => {
    const shape = layout.keys[column];
    if (!shape) throw new Error("a key has more parts than its array");
    storeKeyPart(emit, part, shape, offset + (offsets[column] as number));
  });
  return offset;
}

/** Pointer to an element's value, or zero. */
export function find(emit: Emitter, map: string, key: number): Register {
  return emit.call(HELPER.map_lookup_elem, [emit.map(map), { scratch: key }]);
}

export function readLong(emit: Emitter, global: GlobalVariable, key: number): Register {
  requireCertainKeys(emit, global);
  const result = emit.set(0n);
  const entry = find(emit, mapName(global), key);
  emit.when("ne", entry, 0n, () => emit.assign(result, emit.load(entry, valueOffset(emit.tables.layout(global.name)))));
  return result;
}

export function writeLong(emit: Emitter, global: GlobalVariable, key: number, value: Operand): void {
  requireCertainKeys(emit, global);
  insertOr(emit, global, key, (entry, offset) => emit.store(entry, offset, value), value);
}

/** Adds; atomic whoever else adds, inserts or deletes at the same time. Returns the value before where it is wanted. */
export function addLong(emit: Emitter, global: GlobalVariable, key: number, delta: Operand, wantOld: boolean): Operand {
  if (wantOld) requireCertainKeys(emit, global);
  const old = wantOld ? emit.set(0n) : 0n;
  const addTo = (entry: Register, offset: number): void => {
    if (typeof old === "number") emit.assign(old, emit.fetch("add", entry, offset, delta));
    else emit.atomicAdd(entry, offset, delta);
  };
  insertOr(emit, global, key, addTo, delta);
  return old;
}

/** Changes the element that is there, or inserts one that holds `initial`; whoever comes second changes what the first has inserted. */
function insertOr(
  emit: Emitter,
  global: GlobalVariable,
  key: number,
  change: (entry: Register, offset: number) => void,
  initial: Operand,
): void {
  const layout = emit.tables.layout(global.name);
  const map = mapName(global);
  const done = emit.label("done");
  const missing = emit.label("missing");
  const entry = find(emit, map, key);
  emit.branch("eq", entry, 0n, missing);
  change(entry, valueOffset(layout));
  emit.jump(done);
  emit.place(missing);
  const value = emit.allocate(valueSize(layout));
  stampInsertion(emit, value);
  emit.store("scratch", value + valueOffset(layout), initial);
  const result = putElement(emit, global, key, value, NOEXIST);
  emit.branch("eq", result, 0n, done);
  const second = find(emit, map, key);
  emit.when("eq", second, 0n, () => {
    // Another thread has deleted it since, and with it what would have been changed.
    emit.branch("eq", result, EXISTS, done);
    arrayFull(emit, global);
  });
  change(second, valueOffset(layout));
  emit.place(done);
}

/** The time of insertion gives `foreach` its order. */
export function stampInsertion(emit: Emitter, value: number): void {
  emit.store("scratch", value + INSERTED, emit.call(HELPER.ktime_get_ns, []));
}

export function arrayFull(emit: Emitter, global: GlobalVariable): void {
  emit.count(COUNTER_MAP_FULL);
  const limit = global.size === null ? "MAXMAPENTRIES" : `size limit (${global.size})`;
  raise(emit, `Array overflow, check ${limit}`);
}

/** Writes a string element; the entry is replaced whole, so that readers see the old text or the new. */
export function writeString(emit: Emitter, global: GlobalVariable, key: number, text: KernelValue): void {
  requireCertainKeys(emit, global);
  const layout = emit.tables.layout(global.name);
  if (layout.value.kind === "statistic") throw new Error("a statistic is not a string");
  const map = mapName(global);
  const value = emit.allocate(valueSize(layout));
  const offset = valueOffset(layout);
  if (offset > 0) {
    const entry = find(emit, map, key);
    emit.when(
      "ne",
      entry,
      0n,
      () => emit.store("scratch", value + INSERTED, emit.load(entry, INSERTED)),
      () => stampInsertion(emit, value),
    );
  }
  storeField(emit, text, layout.value, value + offset);
  const result = putElement(emit, global, key, value, ANY);
  emit.when("ne", result, 0n, () => arrayFull(emit, global));
}

/** Copies a string element into scratch memory; the empty string where there is none. */
export function readString(emit: Emitter, global: GlobalVariable, key: number): KernelValue {
  requireCertainKeys(emit, global);
  const layout = emit.tables.layout(global.name);
  const shape = layout.value;
  if (shape.kind === "statistic") throw new Error("a statistic is not a string");
  const size = fieldSize(shape);
  const entry = find(emit, mapName(global), key);
  if (shape.kind === "names") {
    const number = emit.set(-1n);
    emit.when("ne", entry, 0n, () => emit.assign(number, emit.load(entry, valueOffset(layout))));
    return { kind: "names", set: shape.set, operand: number };
  }
  if (shape.kind === "stack") {
    const number = emit.set(0n);
    emit.when("ne", entry, 0n, () => emit.assign(number, emit.load(entry, valueOffset(layout))));
    return { kind: "stack", form: shape.form, operand: number };
  }
  const offset = emit.allocate(size);
  emit.when(
    "ne",
    entry,
    0n,
    () => copyFrom(emit, entry, valueOffset(layout), offset, size),
    () => emit.zero(offset, size),
  );
  return { kind: "bytes", offset, size };
}

function copyFrom(emit: Emitter, entry: Register, from: number, to: number, size: number): void {
  if (size > INLINE_COPY)
    emit.call(HELPER.probe_read_kernel, [{ scratch: to }, BigInt(size), emit.alu("add", entry, BigInt(from))]);
  else for (let at = 0; at < size; at += 8) emit.store("scratch", to + at, emit.load(entry, from + at));
}

export function deleteElement(emit: Emitter, global: GlobalVariable, key: number): void {
  requireCertainKeys(emit, global);
  emit.call(HELPER.map_delete_elem, [emit.map(mapName(global)), { scratch: key }]);
}

/** Removes every element, or resets a scalar. */
export function deleteAll(emit: Emitter, global: GlobalVariable): void {
  const layout = emit.tables.layout(global.name);
  const map = mapName(global);
  if (layout.keys.length > 0) {
    const key = emit.allocate(keySize(layout));
    emit.each(map, (pointer) => {
      copyFrom(emit, pointer, 0, key, keySize(layout));
      emit.call(HELPER.map_delete_elem, [emit.map(map), { scratch: key }]);
    });
    return;
  }
  if (layout.value.kind !== "statistic") {
    const value = emit.mapValue(map);
    for (let at = 0; at < valueSize(layout); at += 8) emit.store(value, at, 0n);
    return;
  }
  resetStatistic(emit, map, valueSize(layout));
}

/** Every CPU's share of a scalar statistic to zero. */
function resetStatistic(emit: Emitter, map: string, size: number): void {
  const key = emit.allocate(8);
  emit.store("scratch", key, 0n);
  emit.loop(BigInt(emit.target.possibleCpus), (cpu) => {
    const share = emit.call(HELPER.map_lookup_percpu_elem, [emit.map(map), { scratch: key }, cpu]);
    emit.when("ne", share, 0n, () => {
      if (size > INLINE_COPY)
        emit.call(HELPER.probe_read_kernel, [share, BigInt(size), emit.mapValue(emit.tables.zeros(size))]);
      else for (let at = 0; at < size; at += 8) emit.store(share, at, 0n);
    });
  });
}

/** Keys of which only some parts are given, as in `delete a[*, "x"]`. */
import type { Expression, GlobalVariable } from "../check/program.js";
import type { GlobalLayout } from "../compiled.js";
import { HELPER } from "../bpf/helper_functions.js";
import { fieldOffsets, fieldSize, keySize } from "../layout.js";
import type { Emitter } from "./emitter.js";
import { lower } from "./expressions.js";
import { storeKeyPart } from "./fields.js";
import { mapName } from "./maps.js";
import type { Scope } from "./scope.js";
import type { Operand, Register } from "./values.js";
import { requireCertainKeys } from "./uncertain_keys.js";

/** Where in scratch memory each given part lies; null stands for any. */
export type Slice = readonly (number | null)[];

export function keepSlice(scope: Scope, layout: GlobalLayout, parts: readonly (Expression | null)[]): Slice {
  return parts.map((part, column) => {
    if (part === null) return null;
    const shape = layout.keys[column];
    if (!shape) throw new Error("a slice has more parts than its array");
    const offset = scope.emit.allocate(fieldSize(shape));
    storeKeyPart(scope.emit, lower(scope, part), shape, offset);
    return offset;
  });
}

/** Jumps where an element's key is none of the slice. */
export function branchUnlessInSlice(
  emit: Emitter,
  layout: GlobalLayout,
  slice: Slice,
  key: Register,
  other: string,
): void {
  const offsets = fieldOffsets(layout.keys);
  slice.forEach((wanted, column) => {
    const shape = layout.keys[column];
    if (wanted === null || !shape) return;
    for (let at = 0; at < fieldSize(shape); at += 8) {
      emit.branch("ne", emit.load(key, (offsets[column] as number) + at), emit.load("scratch", wanted + at), other);
    }
  });
}

/** Removes every element of the slice. */
export function deleteSlice(scope: Scope, global: GlobalVariable, parts: readonly (Expression | null)[]): void {
  const { emit } = scope;
  const layout = emit.tables.layout(global.name);
  requireCertainKeys(emit, global);
  const slice = keepSlice(scope, layout, parts);
  const copy = emit.allocate(keySize(layout));
  emit.each(mapName(global), (key) => {
    const other = emit.label("other");
    branchUnlessInSlice(emit, layout, slice, key, other);
    for (let at = 0; at < keySize(layout); at += 8) emit.store("scratch", copy + at, emit.load(key, at));
    emit.call(HELPER.map_delete_elem, [emit.map(mapName(global)), { scratch: copy }]);
    emit.place(other);
  });
}

/** Not zero where the slice has an element. */
export function findInSlice(scope: Scope, global: GlobalVariable, parts: readonly (Expression | null)[]): Operand {
  const { emit } = scope;
  const layout = emit.tables.layout(global.name);
  const slice = keepSlice(scope, layout, parts);
  const found = emit.allocate(8);
  emit.store("scratch", found, 0n);
  const done = emit.exit("found");
  emit.each(mapName(global), (key) => {
    const other = emit.label("other");
    branchUnlessInSlice(emit, layout, slice, key, other);
    emit.store("scratch", found, 1n);
    emit.leave(done);
    emit.place(other);
  });
  emit.placeExit(done);
  return emit.load("scratch", found);
}

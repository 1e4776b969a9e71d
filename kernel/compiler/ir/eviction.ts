/** `global x%`: in a full array the oldest element makes room for a new one. */
import { HELPER } from "../bpf/helper_functions.js";
import type { GlobalVariable } from "../check/program.js";
import { INSERTED, keySize } from "../layout.js";
import type { Emitter } from "./emitter.js";
import { mapName } from "./maps.js";
import type { Register } from "./values.js";

/** -E2BIG */
const FULL = -7n;
/** -EEXIST, the answer where another thread has come first. */
export const EXISTS = -17n;

/**
 * The room that a thread makes may be taken by another before it comes back to it, and that again and again: a thread whose CPU is
 * taken away between the two may lose hundreds of times.
 */
const ATTEMPTS = 10_000n;

/** Puts an element into an array and gives the kernel's answer. Key and value lie in scratch memory. */
export function putElement(emit: Emitter, global: GlobalVariable, key: number, value: number, mode: bigint): Register {
  const map = mapName(global);
  const put = (): Register => {
    const given = emit.call(HELPER.map_update_elem, [emit.map(map), { scratch: key }, { scratch: value }, mode]);
    // Before Linux 6.4 (commit d7ba4cc900bf) the upper half of an error is not set.
    return emit.alu("arsh", emit.alu("lsh", given, 32n), 32n);
  };
  const answer = put();
  if (!global.wrap) return answer;
  const result = emit.set(0n);
  emit.assign(result, answer);
  const state = emit.allocate(8);
  emit.when("eq", result, FULL, () => {
    const made = emit.exit("made");
    emit.loop(ATTEMPTS, () => {
      evictOldest(emit, global);
      emit.store("scratch", state, put());
      emit.when("ne", emit.load("scratch", state), FULL, () => emit.leave(made));
    });
    emit.placeExit(made);
    emit.assign(result, emit.load("scratch", state));
  });
  return result;
}

/** Of CPUs that look for it at once, one takes it; where all have gone meanwhile, nothing is left to do. */
function evictOldest(emit: Emitter, global: GlobalVariable): void {
  const map = mapName(global);
  const layout = emit.tables.layout(global.name);
  const size = keySize(layout);
  const least = emit.allocate(8);
  const oldest = emit.allocate(size);
  const candidate = emit.allocate(size);
  emit.store("scratch", least, -1n);
  emit.each(map, (key, value) => {
    const other = emit.label("younger");
    const inserted = emit.set(0n);
    emit.assign(inserted, emit.load(value, INSERTED));
    const copy = (to: number): void => {
      for (let at = 0; at < size; at += 8) emit.store("scratch", to + at, emit.load(key, at));
    };
    // Of a statistic this is one CPU's share, and another one's may tell.
    if (layout.value.kind === "statistic")
      emit.when("eq", inserted, 0n, () => {
        copy(candidate);
        emit.assign(inserted, insertedElsewhere(emit, map, candidate));
      });
    emit.branch("uge", inserted, emit.load("scratch", least), other);
    emit.store("scratch", least, inserted);
    copy(oldest);
    emit.place(other);
  });
  emit.when("ne", emit.load("scratch", least), -1n, () => {
    emit.call(HELPER.map_delete_elem, [emit.map(map), { scratch: oldest }]);
  });
}

function insertedElsewhere(emit: Emitter, map: string, key: number): Register {
  const found = emit.allocate(8);
  emit.store("scratch", found, -1n);
  emit.loop(BigInt(emit.target.possibleCpus), (cpu) => {
    const share = emit.call(HELPER.map_lookup_percpu_elem, [emit.map(map), { scratch: key }, cpu]);
    emit.when("ne", share, 0n, () => {
      const none = emit.label("none");
      const inserted = emit.load(share, INSERTED);
      emit.branch("eq", inserted, 0n, none);
      emit.branch("uge", inserted, emit.load("scratch", found), none);
      emit.store("scratch", found, inserted);
      emit.place(none);
    });
  });
  return emit.load("scratch", found);
}

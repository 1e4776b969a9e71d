/** What a counter of `perf_event_open` has counted, for `@perf("name")`. */
import { HELPER } from "../bpf/helper_functions.js";
import type { NamedCounter } from "../catalogue.js";
import type { Emitter } from "./emitter.js";
import { raise } from "./errors.js";
import { long, type LongValue, type Operand } from "./values.js";

/** BPF_F_CURRENT_CPU */
const THIS_CPU = 0xffff_ffffn;

/** struct bpf_perf_event_value: what was counted, and for how long the counter was wanted and was running. */
const VALUE_SIZE = 24;

/** On this CPU, or, where the counter belongs to a process, by this thread; an error of the script where it does not count here. */
export function readCounter(emit: Emitter, counter: NamedCounter): LongValue {
  const { counters, threads } = emit.tables.counter(counter.name, counter);
  return emit.temporaries(() => {
    const index = threads === null ? THIS_CPU : indexOfThread(emit, counter.name, threads);
    const value = emit.allocate(VALUE_SIZE);
    emit.zero(value, VALUE_SIZE);
    const answer = emit.call(HELPER.perf_event_read_value, [
      emit.map(counters),
      index,
      { scratch: value },
      BigInt(VALUE_SIZE),
    ]);
    emit.when("ne", answer, 0n, () => raise(emit, `the counter "${counter.name}" cannot be read here (%d)`, answer));
    return long(emit.load("scratch", value));
  });
}

function indexOfThread(emit: Emitter, name: string, threads: string): Operand {
  const key = emit.allocate(8);
  const thread = emit.alu("and", emit.call(HELPER.get_current_pid_tgid, []), 0xffff_ffffn);
  emit.store("scratch", key, thread);
  const found = emit.call(HELPER.map_lookup_elem, [emit.map(threads), { scratch: key }]);
  emit.when("eq", found, 0n, () =>
    raise(
      emit,
      `the counter "${name}" counts only threads that its process had when the trace started, and thread %d was none of them`,
      thread,
    ),
  );
  return emit.load(found, 0, 4);
}

/** A machine with three CPUs of which the second is offline: what counts on every CPU leaves it out, and mixes up none. */
import type { ProgramSpec } from "../../kernel/compiler/compiled.js";
import { attachOptions } from "../../kernel/tracing/attachments.js";
import type { NativeMap, NativePerfCounter, NativePerfCounterOptions } from "../../kernel/tracing/native.js";
import { PerfCounters } from "../../kernel/tracing/perf_counters.js";

const ONLINE = [0, 2];

test("samples are taken on those that are online", () => {
  const attach = { kind: "perf", type: 1, config: 0n, sampling: { kind: "frequency", hertz: 97 }, pid: null } as const;
  const spec = { type: "perf_event", attach } as unknown as ProgramSpec;
  expect(attachOptions(spec, ONLINE).map((options) => "cpu" in options && options.cpu)).toEqual(ONLINE);
});

test("a counter lies under the number of its CPU, which programs look it up by", () => {
  const cpuOf = new Map<NativePerfCounter, number>();
  const openPerfCounter = ({ cpu }: NativePerfCounterOptions): NativePerfCounter => {
    const counter = { read: () => 0n, close: () => undefined };
    cpuOf.set(counter, cpu);
    return counter;
  };
  const perfCounters = new PerfCounters({ onlineCpuNumbers: () => ONLINE, possibleCpus: () => 3, openPerfCounter });
  const perf = { counter: { type: 1, config: 0n, pid: null }, holds: "counters" } as const;
  expect(perfCounters.entries(perf)).toBe(3);
  const set: [number, number | undefined][] = [];
  const setCounter: NativeMap["setCounter"] = (index, counter) => void set.push([index, cpuOf.get(counter)]);
  perfCounters.fill(mapWith(setCounter), perf);
  expect(set).toEqual([
    [0, 0],
    [2, 2],
  ]);
});

function mapWith(setCounter: NativeMap["setCounter"]): NativeMap {
  return { setCounter } as unknown as NativeMap;
}

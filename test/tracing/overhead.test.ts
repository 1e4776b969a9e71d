/** The cost of programs, from what a kernel of our own making measures while it is asked to. */
import { jest } from "@jest/globals";
import type { LoadedScript } from "../../kernel/tracing/loaded_script.js";
import type { Native } from "../../kernel/tracing/native.js";
import { OverheadMeter } from "../../kernel/tracing/overhead.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Programs that run 10 times a millisecond for 500 ns each; counted while statistics are on. */
function machine(): { readonly native: Native; readonly script: LoadedScript; readonly enabled: () => number } {
  let counted = 0;
  let since: number | null = null;
  const native = {
    monotonicNanoseconds: () => BigInt(Math.round(performance.now() * 1e6)),
    enableStatistics: () => {
      since = performance.now();
      return {
        close: () => {
          counted += performance.now() - (since ?? 0);
          since = null;
        },
      };
    },
  };
  const script = {
    runStatistics: () => ({
      runs: BigInt(Math.round(counted * 10)),
      nanoseconds: BigInt(Math.round(counted * 5000)),
      missed: 0n,
    }),
  };
  return {
    native: native as unknown as Native,
    script: script as unknown as LoadedScript,
    enabled: () => (since === null ? 0 : 1),
  };
}

test("nanoseconds a hit, and the share of one CPU", () => {
  const { native, script } = machine();
  const meter = new OverheadMeter(native, script);
  meter.start();
  jest.advanceTimersByTime(12_000);
  const { nanosecondsPerHit, cpuShare } = meter.stop();
  expect(nanosecondsPerHit).toBeCloseTo(500, 6);
  // 10 hits of 0.5 µs in 1000 µs
  expect(cpuShare).toBeCloseTo(0.005, 6);
});

test("the kernel measures in short windows only, and no more after the end", () => {
  const { native, script, enabled } = machine();
  const meter = new OverheadMeter(native, script);
  meter.start();
  let on = 0;
  for (let time = 0; time < 30_000; time += 10) {
    jest.advanceTimersByTime(10);
    on += enabled();
  }
  expect(on).toBeGreaterThan(0);
  expect(on / 3000).toBeLessThan(0.1);
  meter.stop();
  expect(enabled()).toBe(0);
  expect(jest.getTimerCount()).toBe(0);
});

test("a trace that ends before anything was measured says that it does not know", () => {
  const { native, script } = machine();
  const meter = new OverheadMeter(native, script);
  meter.start();
  expect(meter.stop()).toEqual({ nanosecondsPerHit: null, cpuShare: null });
});

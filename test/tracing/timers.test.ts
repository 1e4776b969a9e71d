import { jest } from "@jest/globals";
import type { Native } from "../../kernel/tracing/native.js";
import { Timers, type ScriptTimer } from "../../kernel/tracing/timers.js";

const MILLISECOND = 1_000_000n;

/** Jest's clock, which may also run on while nothing is called, as when the process was late. */
let late = 0;
const native = { monotonicNanoseconds: () => BigInt(Math.round((performance.now() + late) * 1e6)) } as Native;

beforeEach(() => {
  late = 0;
  jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());

function timer(milliseconds: number, run: () => void, randomize = 0): ScriptTimer {
  return { interval: BigInt(milliseconds) * MILLISECOND, randomize: BigInt(randomize) * MILLISECOND, run };
}

test("each timer runs as often as its period fits, in the order in which ticks are due", () => {
  const ticks: string[] = [];
  const timers = new Timers(native);
  timers.start([timer(100, () => ticks.push("a")), timer(240, () => ticks.push("b"))]);
  jest.advanceTimersByTime(99);
  expect(ticks).toEqual([]);
  // a at 100, 200, …, 1000; b at 240, 480, 720, 960
  jest.advanceTimersByTime(901);
  expect(ticks.join("")).toBe("aabaabaaabaaba");
  timers.stop();
});

test("ticks that were missed while the process was busy are made up for", () => {
  let count = 0;
  const timers = new Timers(native);
  timers.start([timer(10, () => count++)]);
  late = 500;
  jest.advanceTimersByTime(10);
  expect(count).toBe(51);
  timers.stop();
});

test("of a night's worth of ticks not all are made up for", () => {
  let count = 0;
  const timers = new Timers(native);
  timers.start([timer(1, () => count++)]);
  late = 8 * 3_600_000;
  jest.advanceTimersByTime(1);
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThanOrEqual(1001);
  timers.stop();
});

test("nothing runs any more after stop, also where a timer itself stops them", () => {
  let count = 0;
  const timers = new Timers(native);
  timers.start([
    timer(10, () => {
      count++;
      if (count === 3) timers.stop();
    }),
    timer(10, () => count++),
  ]);
  jest.advanceTimersByTime(1000);
  expect(count).toBe(3);
  expect(jest.getTimerCount()).toBe(0);
});

test("a randomized period stays within what it may deviate", () => {
  const times: number[] = [];
  const timers = new Timers(native);
  const start = performance.now();
  timers.start([timer(100, () => times.push(performance.now() - start), 20)]);
  jest.advanceTimersByTime(60_000);
  const periods = times.map((time, index) => time - (times[index - 1] ?? 0));
  // Each is rounded up to a whole millisecond.
  expect(Math.min(...periods)).toBeGreaterThanOrEqual(78);
  expect(Math.max(...periods)).toBeLessThanOrEqual(122);
  expect(Math.max(...periods) - Math.min(...periods)).toBeGreaterThan(20);
  timers.stop();
});

import type { ResolvedProbe } from "../../kernel/compiler/catalogue.js";
import { probeOf, refusalOf, resolve } from "./pattern.js";

function momentOf(point: string) {
  const probe: ResolvedProbe = probeOf(point);
  if (probe.kind !== "user") throw new Error(`${point} runs in the kernel`);
  return probe.moment;
}

describe("moments of the session", () => {
  test.each([
    ["begin", { kind: "begin", order: 0n }],
    ["begin(-5)", { kind: "begin", order: -5n }],
    ["end(100)", { kind: "end", order: 100n }],
    ["error", { kind: "error", order: 0n }],
    ["never", { kind: "never" }],
  ])("%s", (point, moment) => expect(momentOf(point)).toEqual(moment));

  test("a misused moment is refused with what it takes", () => {
    expect(refusalOf('begin("first")').message).toBe("begin takes a number, as in begin(10)");
    expect(refusalOf("end.return").message).toBe("end has no part called .return");
    expect(refusalOf("never(1)").message).toBe("never takes no argument");
  });

  test("other points are no family's", () => expect(resolve("beginning")).toBeNull());
});

describe("timers", () => {
  test.each([
    ["timer.s(1)", 1_000_000_000n, 0n],
    ["timer.sec(2)", 2_000_000_000n, 0n],
    ["timer.ms(250)", 250_000_000n, 0n],
    ["timer.us(7)", 7_000n, 0n],
    ["timer.nsec(50)", 50n, 0n],
    ["timer.hz(8)", 125_000_000n, 0n],
    ["timer.jiffies(3)", 12_000_000n, 0n],
    ["timer.ms(100).randomize(20)", 100_000_000n, 20_000_000n],
  ])("%s", (point, nanoseconds, randomize) => {
    expect(momentOf(point)).toEqual({ kind: "timer", nanoseconds, randomize });
  });

  test.each([
    ["timer.s(0)", "timer.s(0) would never pass: the number must be above 0"],
    ["timer.s", "timer.s needs a number, as in timer.s(1)"],
    ["timer.minutes(1)", "timer.minutes is not known; units are s, sec, ms, msec, us, usec, ns, nsec, jiffies, hz"],
    ["timer.ms(10).randomize(20)", ".randomize(N) must not exceed the interval itself"],
    ["timer.s(1).return", "timer.s has no part called .return"],
    ["timer", "timer needs a unit"],
  ])("%s is refused", (point, message) => expect(refusalOf(point).message).toBe(message));

  test.each([
    ["timer.profile", { kind: "frequency", hertz: 250 }],
    ["timer.profile.freq.hz(97)", { kind: "frequency", hertz: 97 }],
    ["timer.profile.ms(10)", { kind: "period", events: 10_000_000n }],
    ["timer.profile.freq(97)", { kind: "frequency", hertz: 97 }],
  ])("%s samples every CPU", (point, sampling) => {
    const probe = probeOf(point);
    expect(probe.kind === "kernel" && probe.attach).toEqual({ kind: "perf", type: 1, config: 0n, sampling, pid: null });
  });

  test("sampling that would measure itself is refused", () => {
    expect(refusalOf("timer.profile.us(1)").message).toMatch(/more than 100000 samples a second/);
  });
});

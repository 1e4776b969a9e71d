import { probeOf, refusalOf, resolve } from "./pattern.js";

function names(point: string): string[] {
  const resolution = resolve(point);
  if (resolution?.kind !== "resolved") throw new Error("refused");
  return resolution.probes.map(({ probe }) =>
    probe.kind === "kernel" && probe.attach.kind === "tracepoint" ? probe.attach.name : "?",
  );
}

test.each([
  ['kernel.trace("sched_switch")', ["sched_switch"]],
  ['kernel.trace("sched:sched_switch")', ["sched_switch"]],
  ['kernel.tracepoint("sched_switch")', ["sched_switch"]],
  ['kernel.trace("sched_wakeup*")', ["sched_wakeup", "sched_wakeup_new"]],
  ['kernel.trace("s?s_e[nx]*")', ["sys_enter", "sys_exit"]],
])("%s", (point, expected) => expect(names(point)).toEqual(expected));

test("an unknown name is refused with the nearest one", () => {
  expect(refusalOf('kernel.trace("sched_swich")')).toMatchObject({
    message: "this kernel has no tracepoint sched_swich",
    hint: "did you mean sched_switch?",
  });
  expect(refusalOf('kernel.trace("nothing_*")').message).toBe("this kernel has no tracepoint that fits nothing_*");
});

test("arguments go by number", () => {
  const { variables } = probeOf('kernel.trace("sched_switch")');
  expect([...variables.keys()]).toEqual([...Array.from({ length: 12 }, (_, index) => `$arg${index + 1}`), "$$name"]);
});

test("a wildcard behind a group is refused, since it would mean the tracepoints of every group", () => {
  expect(refusalOf('kernel.trace("sched:*")').hint).toContain('kernel.trace("sched_*")');
  expect(refusalOf('kernel.tracepoint("sched:*_switch")').hint).toContain('kernel.tracepoint("*_switch")');
  expect(refusalOf('kernel.trace("*:sched_switch")').hint).toContain('kernel.trace("sched_switch")');
});

import { nobody, tapbook } from "./tapbook.js";

const list = async (...args: string[]): Promise<string[]> => {
  const { status, stdout, stderr } = await tapbook(["list", ...args], nobody);
  expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: "" });
  return stdout.toString().trimEnd().split("\n");
};

test("a point names itself, a pattern what fits it", async () => {
  expect(await list("syscall.read")).toEqual(["syscall.read"]);
  expect(await list("syscall.epoll_*")).toEqual(
    expect.arrayContaining(["syscall.epoll_create1", "syscall.epoll_ctl", "syscall.epoll_pwait"]),
  );
  expect(await list("syscall.{read,write}.return")).toEqual(["syscall.read.return", "syscall.write.return"]);
  expect(await list("timer.?s(N)")).toEqual(["timer.ms(N)", "timer.ns(N)", "timer.us(N)"]);
});

test("a star stays within a component", async () => {
  const points = await list("syscall.*");
  expect(points.length).toBeGreaterThan(300);
  expect(points.filter((point) => point.split(".").length !== 2)).toEqual([]);
});

test("tracepoints, with or without their group", async () => {
  expect(await list('kernel.trace("sched_switch")')).toEqual(['kernel.trace("sched_switch")']);
  expect(await list('kernel.trace("sched:sched_sw*")')).toContain('kernel.trace("sched_switch")');
});

test("-L adds the variables with their types", async () => {
  const [line] = await list("-L", "syscall.read.return");
  const [point, ...variables] = line!.split(" ");
  expect(point).toBe("syscall.read.return");
  expect(variables).toEqual(
    expect.arrayContaining(["name:string", "argstr:string", "fd:long", "count:long", "retval:long", "retstr:string"]),
  );
});

test("a wildcard behind a program", async () => {
  expect(await list('process("/bin/sh").**begin')).toEqual([
    'process("/bin/sh").begin',
    'process("/bin/sh").thread.begin',
  ]);
});

test("where nothing fits, the status is 1", async () => {
  expect(await tapbook(["list", "frobnicate*"])).toMatchObject({
    status: 1,
    stderr: "tapbook: no probe point fits frobnicate*\n",
  });
});

test("where points are and cannot be probed, the reason is the one that `run` gives", async () => {
  const reasonOf = (text: string): string | undefined =>
    /(?:tapbook|error): (.*?)(?: \[probe\/refused\])?\n/.exec(text)?.[1];
  for (const point of ["syscall.frobnicate*", 'kernel.statement("no_such_function+0")']) {
    const listed = await tapbook(["list", "-L", point]);
    const run = await tapbook(["run", "-e", `probe ${point} { exit() }`]);
    expect({ point, status: listed.status, reason: reasonOf(listed.stderr) }).toEqual({
      point,
      status: 1,
      reason: reasonOf(run.stderr),
    });
    expect(reasonOf(run.stderr)).toBeDefined();
  }
});

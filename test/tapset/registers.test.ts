/** Registers of the workload: at a system call they hold its arguments (the processor's calling convention), in a sample the place it is at. */
import { arch } from "node:os";
import { diagnosticsOf, trace } from "../probes/traced_workload.js";

const [first, second, third] = arch() === "arm64" ? ["x0", "x1", "x2"] : ["rdi", "rsi", "rdx"];
const [instruction, sameWithoutLetter] = arch() === "arm64" ? ["pc", "pc"] : ["rip", "ip"];

test("a program's registers at a system call are the call's arguments", async () => {
  const { printed, failures } = await trace(
    `probe syscall.read {
       if (pid() == target() && count == 123)
         printdln(" ", u_register("${first}") == fd, u_register("${second}") == buf_uaddr, u_register("${third}"), u_register("${instruction}") == uaddr())
     }`,
    "read --count 2 --size 123",
  );
  expect(failures).toEqual([]);
  expect(printed).toBe("1 1 123 1\n1 1 123 1\n");
});

test("registers of a sample", async () => {
  const { printed } = await trace(
    `global samples
     probe timer.profile.freq.hz(499) {
       if (pid() == target())
         samples[register("${instruction}") == addr(), register("${sameWithoutLetter}") == addr(), !user_mode() || u_register("sp") == register("sp")]++
     }
     probe end { foreach ([whole, short, stack] in samples) println(whole, short, stack) }`,
    "busy --seconds 0.3",
  );
  expect(printed).toBe("111\n");
});

test("what cannot be told says why", () => {
  const name = 'println(register("sp"))';
  expect(diagnosticsOf(`probe syscall.read { ${name} }`)).toEqual([
    expect.stringContaining("the kernel tells no registers at such a probe"),
  ]);
  expect(diagnosticsOf('probe timer.profile { println(register("nothing")) }')).toEqual([
    expect.stringContaining('this machine has no register "nothing"'),
  ]);
  expect(diagnosticsOf("probe timer.profile { println(u_register(execname())) }")).toEqual([
    expect.stringContaining("wants the register's name written out"),
  ]);
});

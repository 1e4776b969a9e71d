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

/** The numbers of DWARF: "System V ABI, AMD64 supplement", figure 3.36; "DWARF for the Arm 64-bit architecture", section 4.1. */
const numbers = arch() === "arm64" ? [0, 1, 2, 32] : [5, 4, 1, 16];

test("registers and memory of a program by number", async () => {
  const { printed, failures } = await trace(
    `probe syscall.read {
       if (pid() == target() && count == 123)
         printdln(" ", @uregister(${numbers[0]}) == fd, @uregister(${numbers[1]}) == buf_uaddr, @uregister(${numbers[2]}), @uregister(${numbers[3]}) == uaddr())
     }`,
    "read --count 2 --size 123",
  );
  expect(failures).toEqual([]);
  expect(printed).toBe("1 1 123 1\n1 1 123 1\n");
  const opened = await trace(
    `probe syscall.openat {
       if (pid() == target() && filename == "/dev/null") printf("%x %x\\n", @uderef(4, @uregister(${numbers[1]})), @uderef(1, @uregister(${numbers[1]})))
     }`,
    "syscalls openat --count 1",
  );
  // "/dev" with its first letter lowest.
  expect(opened.printed).toBe("7665642f 2f\n");
});

test("what cannot be read in user space is an error of that moment", async () => {
  const { printed } = await trace(
    `probe syscall.read { if (pid() == target() && count == 123) try { println(@uderef(4, 8)) } catch (message) { println(message) } }`,
    "read --count 1 --size 123",
  );
  expect(printed).toBe("user read fault at 0x8\n");
});

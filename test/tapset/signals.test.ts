/** Signals that a probe sends to a shell of our own, which tells what reached it. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { diagnosticsOf, trace, traceProgram } from "../probes/traced_workload.js";
import { call } from "./runtime.js";

const folder = mkdtempSync(join(tmpdir(), "tapbook-signals-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a shell that changes its folder twice notes, and what the script prints, when handlers do as they are told. */
async function notedWith(statements: string): Promise<{ notes: string; printed: string; failures: readonly string[] }> {
  const notes = join(folder, "notes");
  writeFileSync(notes, "");
  const shell = `trap 'echo caught >>${notes}' USR1; echo ready $$; read line; cd .; echo first >>${notes}; cd .; echo second >>${notes}; echo '{}'`;
  const script = `global calls\nprobe syscall.chdir { if (pid() == target()) { ${statements} } }`;
  const { printed, failures } = await traceProgram(script, ["/bin/sh", "-c", shell], {}, async () => {}, true);
  return { notes: readFileSync(notes, "latin1"), printed, failures };
}

test("a signal reaches the process at the call that raised it", async () => {
  const { notes, failures } = await notedWith(`if (++calls == 2) raise(${constants.signals.SIGUSR1})`);
  expect(failures).toEqual([]);
  expect(notes).toBe("first\ncaught\nsecond\n");
});

test.each([0, 65, -1, 2 ** 32 + 10])("there is no signal %d, which can be caught", async (signal) => {
  const { notes, printed, failures } = await notedWith(
    `if (++calls == 2) raise(${signal}); else try { raise(${signal}) } catch (message) { println(message) }`,
  );
  expect(notes).toBe("first\nsecond\n");
  expect(failures).toEqual([`there is no signal ${signal}`]);
  expect(printed).toBe(`there is no signal ${signal}\n`);
});

test("without guru mode none is sent", () => {
  expect(diagnosticsOf("probe syscall.chdir { raise(9) }")).toEqual([
    "`raise` acts on what is traced and needs guru mode",
  ]);
});

test("a handler in user space has nobody to send one to", async () => {
  const script = "probe begin { raise(9) }";
  await expect(
    traceProgram(script, ["/bin/sh", "-c", "echo ready $$; read line; echo '{}'"], {}, async () => {}, true),
  ).rejects.toThrow(/belongs to no process that is traced/);
});

test("names are those that this machine's C library gives", () => {
  const otherNames = ["SIGIOT", "SIGPOLL"];
  for (const [name, number] of Object.entries(constants.signals))
    if (!otherNames.includes(name)) expect(call("signal_str", [BigInt(number)])).toBe(name);
});

test("arguments of system calls by their number", async () => {
  const { printed, failures } = await trace(
    'probe syscall.read { if (pid() == target() && count == 123) printdln(" ", int_arg(1) == fd, pointer_arg(2) == buf_uaddr, ulong_arg(3), uint_arg(3)) }',
    "read --count 2 --size 123",
  );
  expect(failures).toEqual([]);
  expect(printed).toBe("1 1 123 123\n1 1 123 123\n");
});

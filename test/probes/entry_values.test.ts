/** `@entry(…)`: what something was when the call began, seen when it ends. System calls have both ends on every machine. */
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { trace } from "./traced_workload.js";

const FILTER = "pid() == target()";

test("a number and a text of the entry, in the handler of the return", async () => {
  const script = `global seen
    probe syscall.read.return {
      if (${FILTER}) seen[@entry($count), @entry(name . "!"), $return]++
    }
    probe end { foreach ([count, name, result] in seen) printf("%d %s %d: %d\\n", count, name, result, seen[count, name, result]) }`;
  const { printed, failures } = await trace(script, "read --count 40 --size 300");
  expect(failures).toEqual([]);
  expect(printed).toContain("300 read! 300: 40\n");
});

test("what has changed since is as it was; what a global was as well", async () => {
  const script = `global calls, seen
    probe syscall.getppid { if (${FILTER}) calls++ }
    probe syscall.getppid.return { if (${FILTER}) seen[calls - @entry(calls)]++ }
    probe end { foreach (difference in seen) printf("%d %d\\n", difference, seen[difference]) }`;
  // Handlers of one point run in the order in which they are written: the entry is kept before or after all of them.
  const { printed } = await trace(script, "syscalls getppid --count 20");
  expect(printed).toMatch(/^[01] 20\n$/);
});

test("calls of several threads do not mix", async () => {
  const script = `global wrong, right
    probe syscall.getppid.return {
      if (${FILTER}) { if (@entry(tid()) == tid()) right++; else wrong++ }
    }
    probe end { printf("%d %d\\n", right, wrong) }`;
  const { printed } = await trace(script, "threads --threads 4 --count 500");
  expect(printed).toBe("2000 0\n");
});

test("the keeping is no event, and a disarmed probe leaves nothing behind", async () => {
  const script = `global on, first = -1
    probe syscall.getppid.return if (on < 3) { if (${FILTER}) { on++; first = @entry(on) } }
    probe end { printf("%d %d\\n", on, first) }`;
  const { printed, events } = await trace(script, "syscalls getppid --count 50");
  expect(printed).toBe("3 2\n");
  expect(Number(events)).toBeLessThan(3000);
});

test.each([
  ["probe syscall.read { println(@entry($count)) }", "target/entry-outside-return"],
  ["probe begin { println(@entry(1)) }", "target/entry-outside-return"],
  ["function f() { return @entry(1) } probe syscall.read.return { f() }", "target/entry-outside-return"],
  ["probe syscall.read.return { println(@entry(@entry($count))) }", "target/entry-in-entry"],
  ["probe syscall.read.return { println(@entry($size)) }", "name/no-such-target"],
])("%s", (script, code) => {
  const session = new Session({ native: loadNative(), catalogue, mode: "script" });
  const { diagnostics } = session.compile(script, { name: "test.stp" });
  expect(diagnostics.map((each) => each.code)).toContain(code);
  session.close();
});

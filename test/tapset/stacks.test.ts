/** Stacks of the workload, whose chain of calls is known: `chain_outer` calls `chain_middle` calls `chain_inner`, which makes the call. */
import { realpathSync } from "node:fs";
import { workloadPath } from "../native/workload.js";
import { trace } from "../probes/traced_workload.js";

const ADDRESSES = /^0x[0-9a-f]+( 0x[0-9a-f]+)*$/;

/** What a handler prints on one system call of the workload, and what end probes print. */
async function printedBy(statements: string, rest = "", words = "chain --count 1"): Promise<string> {
  const { printed, failures } = await trace(
    `probe syscall.getppid { if (pid() == target()) { ${statements} } }\n${rest}`,
    words,
  );
  expect(failures).toEqual([]);
  return printed;
}

describe("stacks of the kernel", () => {
  test("start where the event is, not in what traces it, and lead to where system calls enter", async () => {
    const printed = await printedBy("print_backtrace()");
    const lines = printed.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) expect(line).toMatch(/^ 0x[0-9a-f]{16} : [\w.]+\+0x[0-9a-f]+\/0x[0-9a-f]+ \[[\w.]+\]$/);
    expect(printed).not.toMatch(/ : (__)?(bpf_|traceiter)/);
    expect(printed).toMatch(/ : (do_syscall_64|el0_svc)\+/);
  });

  test("are texts of addresses, in a probe and outside", async () => {
    const printed = await printedBy(
      `text = backtrace()
       println(text)
       println(substr(text, 0, 18))
       printf("0x%x\\n", stack(0))
       println(strlen(text . "!") - strlen(text))
       println(text == backtrace(), text != "", backtrace() == callers(-1))
       println(callers(0))
       kept = text`,
      "global kept\nprobe end { println(kept) }",
    );
    const [text = "", first, number, one, equal, innermost, kept] = printed.split("\n");
    expect(text).toMatch(ADDRESSES);
    expect([first, number, innermost]).toEqual(Array(3).fill(text.split(" ")[0]));
    expect([one, equal, kept]).toEqual(["1", "111", text]);
  });

  test("are keys, counted exactly, whoever asks for them", async () => {
    const printed = await printedBy(
      `stacks[backtrace(), "worker"]++
       seen = [backtrace(), "worker"] in stacks
       times = stacks[backtrace(), "worker"]`,
      `global stacks, seen, times
       probe end {
         foreach ([stack, name] in stacks) {
           println(stacks[stack, name], " ", name, " ", [stack, name] in stacks, " ", stack)
           print_syms(stack)
           println(sprint_stack(stack))
         }
         println(seen, " ", times, " ", ["0x1", "worker"] in stacks)
       }`,
      "chain --count 10",
    );
    const [head = "", ...lines] = printed.trimEnd().split("\n");
    expect(head).toMatch(/^15 worker 1 0x[0-9a-f]+ 0x/);
    expect(lines.at(-1)).toBe("1 15 0");
    const depth = head.split(" ").length - 3;
    const listing = lines.slice(0, depth);
    expect(listing.map((line) => line.split(" ")[1])).toEqual(head.split(" ").slice(3));
    // The same lines with addresses and without.
    expect(lines.slice(depth, 2 * depth)).toEqual(listing.map((line) => line.replace(/^ 0x[0-9a-f]+ : /, "")));
  });

  test("the names of functions agree between the kernel's own and those found outside of it", async () => {
    const printed = await printedBy(
      `names[symname(stack(1))]++; data[symdata(stack(1))]++; modules[modname(stack(1))]++
       place = stack(1)
       println(caller())
       printf("%s 0x%x\\n", symname(caller_addr()), caller_addr())
       println(symname(17), symdata(17), modname(17))`,
      `global names, data, modules, place
       probe end {
         foreach (name in names) println(name == symname(place), names[name])
         foreach (text in data) println(text == symdata(place), data[text])
         foreach (module in modules) println(module == modname(place), module)
       }`,
    );
    const [caller = "", same, unknown, ...rest] = printed.trimEnd().split("\n");
    expect(caller).toMatch(/^\w[\w.]+ 0x[0-9a-f]{16}$/);
    expect(same).toBe(caller);
    expect(unknown).toBe("0x110x11");
    expect(rest).toEqual(["11", "11", "1kernel"]);
  });
});

describe("stacks of processes", () => {
  test("tell the ways to one function apart", async () => {
    const printed = await printedBy(
      "stacks[ubacktrace()]++",
      `global stacks
       probe end { foreach (stack in stacks-) println(stacks[stack], " ", stack) }`,
      "chain --count 10",
    );
    const [long = "", short = "", none] = printed.split("\n");
    expect(none).toBe("");
    const [often, inner, middle, outer, ...callers] = long.split(" ");
    const [seldom, sameInner, shortcut, ...sameCallers] = short.split(" ");
    expect([often, seldom]).toEqual(["10", "5"]);
    expect(sameInner).toBe(inner);
    expect(callers.slice(1)).toEqual(sameCallers.slice(1));
    // All four functions lie close together.
    for (const address of [middle, outer, shortcut])
      expect(Math.abs(Number(BigInt(address ?? 0) - BigInt(inner ?? 0)))).toBeLessThan(0x100);
  });

  test("have the names of functions, also when the process has ended", async () => {
    const printed = await printedBy(
      `stacks[ubacktrace()]++; innermost[usymname(uaddr())]++; callers[usymname(ustack(1))] <<< 1; texts[sprint_ubacktrace()]++
       once = once + 1
       if (once == 1) { print_ubacktrace(); print_ubacktrace_brief(); println(usymdata(uaddr()), " ", umodname(uaddr())) }`,
      `global stacks, innermost, callers, texts, once
       probe end {
         foreach (stack in stacks-) { println(stacks[stack]); print_ustack(stack) }
         foreach (name in innermost) println(name, " ", innermost[name], " ", name in innermost, innermost["nowhere"])
         foreach (name in callers-) println(name, " ", @count(callers[name]), @sum(callers[name]))
         foreach (text in texts-) printf("%d\\n%s", texts[text], text)
         delete innermost["chain_inner"]
         foreach (name in innermost) println("still there")
       }`,
      "chain --count 10",
    );
    const chain = ["chain_inner", "chain_middle", "chain_outer"];
    const path = realpathSync(workloadPath).replaceAll(/[.]/g, "\\.");
    const line = (name: string): string => `0x[0-9a-f]+ : ${name}\\+0x[0-9a-f]+/0x[0-9a-f]+ \\[${path}\\]\n`;
    const brief = (name: string): string => `${name}\\+0x[0-9a-f]+\n`;
    const rest = "(.*\n)*?";
    const simple = (name: string): string => `${name}\\+0x[0-9a-f]+/0x[0-9a-f]+ \\[${path}\\]\n`;
    expect(printed).toMatch(
      new RegExp(
        `^ ${chain.map(line).join(" ")}${rest}${chain.map(brief).join("")}${rest}${simple("chain_inner").trimEnd()} ${path}\n` +
          `10\n ${chain.map(line).join(" ")}${rest}5\n ${["chain_inner", "chain_shortcut"].map(line).join(" ")}${rest}` +
          `chain_inner 15 10\nchain_middle 1010\nchain_shortcut 55\n` +
          `10\n${chain.map(simple).join("")}${rest}5\n${["chain_inner", "chain_shortcut"].map(simple).join("")}${rest}$`,
      ),
    );
    expect(printed).not.toContain("still there");
  });

  test("where the process is", async () => {
    const printed = await printedBy('printf("0x%x 0x%x %d %s\\n", uaddr(), ustack(0), user_mode(), ucallers(0))');
    const [where, first, mode, innermost] = printed.trim().split(" ");
    expect([first, innermost]).toEqual([where, where]);
    expect(mode).toBe("0");
    expect(BigInt(where ?? 0)).toBeGreaterThan(0n);
  });
});

test("samples have registers: the address and the side it lies on", async () => {
  const { printed } = await trace(
    `global samples, first
     probe timer.profile.freq.hz(997) {
       if (pid() == target()) {
         samples[user_mode(), addr() == (user_mode() ? uaddr() : stack(0)), user_mode() ? addr() == ustack(0) : addr() < 0]++
       }
     }
     probe end { foreach ([mode, same, first] in samples) println(mode, same, first) }`,
    "busy --seconds 0.5",
  );
  const kinds = printed.trimEnd().split("\n");
  expect(kinds).toContain("111");
  for (const kind of kinds) expect(["111", "011"]).toContain(kind);
});

test("outside of an event there is no stack", async () => {
  const { printed } = await trace(
    'probe begin { print_backtrace(); println("[", backtrace(), ubacktrace(), "]"); exit() }',
    "chain --count 1",
  );
  expect(printed).toBe("Systemtap probe: begin\n[]\n");
});

test("what a probe cannot do with names says why", async () => {
  await expect(printedBy("println(substr(sprint_backtrace(), 0, 3))")).rejects.toThrow(
    /symbols are looked up outside of the kernel/,
  );
  await expect(
    printedBy("foreach (stack+ in stacks) println(stack); stacks[backtrace()]++", "global stacks"),
  ).rejects.toThrow(/stacks are not sorted inside a probe/);
  await expect(
    printedBy("names[usymname(uaddr())]++; println(names[usymname(uaddr())])", "global names"),
  ).rejects.toThrow(/the keys of names are names from user space/);
});

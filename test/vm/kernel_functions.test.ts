/** Probes on functions by every mechanism that the kernel has: each event of a workload is counted, its arguments told by value. */
import { readFileSync } from "node:fs";
import type { Target, Trial } from "../../kernel/compiler/catalogue.js";
import { diagnosticsOf, only, thisTarget, trace } from "../probes/traced_workload.js";

type Kind = Trial["kind"];

const target = thisTarget();

const WAYS: readonly { readonly name: string; readonly kinds: readonly Kind[]; readonly mechanism: RegExp }[] = [
  { name: "fentry and fexit", kinds: ["fentry", "fexit"], mechanism: /^f(?:entry|exit) / },
  { name: "kprobe.multi", kinds: ["kprobe_multi"], mechanism: /^k(?:ret)?probe_multi / },
  { name: "kprobe and kretprobe", kinds: ["kprobe", "kretprobe"], mechanism: /^k(?:ret)?probe / },
];

function isThere(kinds: readonly Kind[]): boolean {
  return kinds.every((kind) => target.refusal({ kind } as Trial) === null);
}

const there = WAYS.filter(({ kinds }) => isThere(kinds));

test("what this kernel has is what its like have", () => {
  const release = /^\d+\.\d+/.exec(target.kernelRelease)?.[0] ?? "";
  const expected: Readonly<Record<string, readonly string[]>> = {
    "6.1": ["fentry and fexit", "kprobe and kretprobe"],
    "6.12": WAYS.map(({ name }) => name),
    "7.3": WAYS.map(({ name }) => name),
  };
  // Another machine's kernel may have anything.
  if (target.kernelRelease.includes("deb") && expected[release])
    expect(there.map(({ name }) => name)).toEqual(expected[release]);
});

const FILTER = "pid() == target()";
const READS = "read --count 40 --size 300";

// A machine may have none of them.
for (const { name: way, kinds, mechanism } of there)
  describe(way, () => {
    const changes: Partial<Target> = only(target, ...kinds);
    const run = async (script: string, words: string): Promise<string> => {
      const { printed, failures, mechanisms } = await trace(script, words, changes);
      expect(failures).toEqual([]);
      for (const used of mechanisms) expect(used).toMatch(mechanism);
      return printed;
    };

    test("stacks start in the function, and its arguments have numbers", async () => {
      const script = `global once
      probe kernel.function("vfs_read") {
        if (${FILTER} && !once++) {
          println(symname(stack(0)), " ", symname(addr()), " ", int_arg(3), " ", ulong_arg(3), " ", pointer_arg(1) == $file)
          print_backtrace()
          println(backtrace() == callers(-1))
        }
      }`;
      const [head, first, ...rest] = (await run(script, READS)).trimEnd().split("\n");
      expect(head).toBe("vfs_read vfs_read 300 300 1");
      expect(first).toMatch(/ : vfs_read\+/);
      expect(rest.join("\n")).toMatch(/ : do_syscall_64\+[^]*\n1$/);
      expect(rest.join("\n")).not.toMatch(/bpf_|vfs_read/);
    });

    test("parameters by name, at the entry", async () => {
      const script = `global sizes
      probe kernel.function("vfs_read") { if (${FILTER}) sizes[$count, ppfunc(), $file != 0]++ }
      probe end { foreach ([size, name, isThere] in sizes) printf("%d %s %d %d\\n", size, name, isThere, sizes[size, name, isThere]) }`;
      expect(await run(script, READS)).toContain("300 vfs_read 1 40\n");
    });

    test("the result, and the parameters as they were, at the return", async () => {
      const script = `global seen
      probe kernel.function("vfs_read").return { if (${FILTER}) seen[$count, $return, returnval(), @entry($count + 1)]++ }
      probe end { foreach ([a, b, c, d] in seen) printf("%d %d %d %d: %d\\n", a, b, c, d, seen[a, b, c, d]) }`;
      expect(await run(script, READS)).toContain("300 300 300 301: 40\n");
    });

    test("a negative result of 32 bits keeps its sign", async () => {
      const script = `global seen
      probe kernel.function("vfs_statx").return { if (${FILTER}) seen[$return]++ }
      probe end { foreach (result+ in seen) printf("%d %d\\n", result, seen[result]) }`;
      const printed = await run(script, "stat --missing 7 --existing 0");
      // newfstatat, statx and stat, where the machine has it.
      expect(printed).toMatch(/^-2 (?:14|21)$/m);
    });

    test("members behind a parameter, at the entry and at the return, and all parameters at once", async () => {
      const name = "kernel_string($file->f_path->dentry->d_name->name)";
      const script = `global seen
      probe kernel.function("vfs_read") { if (${FILTER}) seen["entry", ${name}, 1]++ }
      probe kernel.function("vfs_read").return { if (${FILTER}) seen["return", ${name}, @entry($file->f_mode) == $file->f_mode]++ }
      probe kernel.function("vfs_read") { if (${FILTER} && $count == 300) texts[$$parms]++ }
      global texts
      probe end {
        foreach ([point+, file, same] in seen) if (file == "zero") printf("%s %d %d\\n", point, same, seen[point, file, same])
        foreach (text in texts) println(text)
      }`;
      const printed = await run(script, READS);
      expect(printed).toMatch(/^entry 1 40$/m);
      expect(printed).toMatch(/^return 1 40$/m);
      expect(printed).toMatch(/^file=0xf[0-9a-f]{15} buf=0x[0-9a-f]+ count=0x12c pos=/m);
    });

    test("a pattern counts each function under its own name", async () => {
      const script = `global calls
      probe kernel.function("vfs_{read,write}"), kernel.function("vfs_statx*") { if (${FILTER}) calls[probefunc(), pp()]++ }
      probe end { foreach ([name+, point] in calls) printf("%s %s %d\\n", name, point, calls[name, point]) }`;
      const printed = await run(script, "syscalls read write --count 30");
      expect(printed).toContain('vfs_read kernel.function("vfs_read") 3');
      expect(printed).toMatch(/^vfs_write kernel\.function\("vfs_write"\) 3[0-9]$/m);
    });

    test("nested calls of one function in one thread keep apart", async () => {
      // A stat through a path of several parts looks up each; every call of a pair sees its own entry.
      const script = `global right, wrong
      probe kernel.function("vfs_getattr*").return { if (${FILTER}) { if (@entry($path) == $path) right++; else wrong++ } }
      probe end { printf("%d %d\\n", right > 0, wrong) }`;
      expect(await run(script, "stat --missing 0 --existing 5 --path /etc/passwd")).toBe("1 0\n");
    });
  });

const manyWays = there.filter(({ kinds }) => !kinds.includes("fentry"));

for (const { name: way, kinds } of manyWays)
  test(`more than forty functions share a program: ${way}`, async () => {
    const script = `global calls
    probe kernel.function("vfs_*") { if (${FILTER}) calls[ppfunc()]++ }
    probe end { foreach (name+ in calls) printf("%s %d\\n", name, calls[name]) }`;
    const { printed, mechanisms } = await trace(script, READS, only(target, ...kinds));
    expect(printed).toMatch(/^vfs_read 4[0-9]$/m);
    expect(mechanisms).toHaveLength(1);
    expect(mechanisms[0]).toMatch(/ and \d+ more$/);
  });

const probed = there.length > 0 ? test : test.skip;

/** Which functions kernels keep away from: their own handling of breakpoints, and what trampolines themselves need. */
const KEPT_AWAY: Readonly<Record<string, string>> = {
  "fentry and fexit": "migrate_disabl?",
  "kprobe and kretprobe": "aggr_pre_handle?",
};

for (const { name: way, kinds } of there.filter(({ name }) => KEPT_AWAY[name] !== undefined))
  test(`what the kernel keeps away from is left out of a pattern and told: ${way}`, async () => {
    const kept = KEPT_AWAY[way] as string;
    const script = (names: string): string => `global calls
    probe kernel.function("${names}") { if (${FILTER}) calls[ppfunc()]++ }
    probe end { printf("%d\\n", calls["vfs_read"]) }`;
    const { printed, mechanisms } = await trace(script(`{vfs_rea[d],${kept}}`), READS, only(target, ...kinds));
    const [first, ...lines] = printed.trimEnd().split("\n");
    expect(first).toMatch(
      /^WARNING: kernel\.function\(".*"\) goes on without (?:migrate_disable|aggr_pre_handler): .*: E[A-Z]+/,
    );
    expect(lines).toEqual([expect.stringMatching(/^4\d$/)]);
    expect(mechanisms).toEqual([expect.stringContaining("vfs_read")]);
    // Nothing is left of this one.
    await expect(trace(script(kept), READS, only(target, ...kinds))).rejects.toMatchObject({ name: "EngineError" });
  });

test("every function that the function tracer reaches can be named, whether the types know it or not", () => {
  const reached = tracerReaches();
  if (reached === null) return expect(there).toEqual([]);
  const names = new Set(target.functions.names(null, ""));
  expect(reached.filter((name) => !names.has(name))).toEqual([]);
});

/** The kernel's own functions in the tracer's list; null where there is none. */
function tracerReaches(): readonly string[] | null {
  try {
    const text = readFileSync("/sys/kernel/tracing/available_filter_functions", "latin1");
    return text.split("\n").filter((line) => /^[\w.]+$/.test(line) && !line.startsWith("__ftrace_invalid_address"));
  } catch {
    return null;
  }
}

probed("functions of a module", async () => {
  const module = target.functions.modules().find((name) => name === "overlay" || name === "ext4");
  if (module === undefined) throw new Error(`no module to try among ${target.functions.modules().join(" ")}`);
  const name = target.functions.names(module, "").find((each) => each.endsWith("_getattr"));
  const script = `global calls
    probe module("${module}").function("${name}").return { if (${FILTER}) calls[$return]++ }
    probe end { foreach (result in calls) printf("%d %d\\n", result, calls[result]) }`;
  const { printed } = await trace(script, "stat --missing 0 --existing 5 --path /etc/passwd");
  expect(printed).toMatch(/^0 (?:10|15)\n$/);
});

/** The folder that the guest shares with the machine around it, by 9p without a cache: each look at a file is a request. */
const share = /TAPBOOK_SHARE=(\S+)/.exec(readFileSync("/proc/cmdline", "utf8"))?.[1];

(share === undefined ? test.skip : test)("tracepoints of a module, by module and alone", async () => {
  const script = `global requests, responses, attributes, names
    probe module("9pnet").tracepoint("9p_client_re[qs]") { if (${FILTER}) names[$$name] = 1 }
    probe kernel.trace("9p:9p_client_req") { if (${FILTER}) { requests++ if ($type == 24) attributes++ } }
    probe module("9p*").trace("9p_client_res") { if (${FILTER} && $arg4 == 0) responses++ }
    probe end { foreach (name+ in names) printf("%s ", name) printf("%d %d %d\\n", requests, responses, attributes) }`;
  const { printed, failures, mechanisms } = await trace(
    script,
    `stat --missing 0 --existing 5 --path ${share}/command.sh`,
  );
  expect(failures).toEqual([]);
  expect(mechanisms).toContain("tp_btf 9p_client_req");
  const [, requests, responses, attributes] =
    /^9p_client_req 9p_client_res (\d+) (\d+) (\d+)\n$/.exec(printed)?.map(Number) ?? [];
  expect(responses).toBe(requests);
  expect(attributes).toBeGreaterThanOrEqual(5);
});

probed("what is not there is said, with what is nearly so", () => {
  expect(diagnosticsOf('probe kernel.function("vfs_raed") {}')[0]).toContain("no function vfs_raed");
  expect(diagnosticsOf('probe kernel.function("vfs_read") { println($cuont) }')[0]).toContain("$cuont");
  expect(diagnosticsOf('probe kernel.function("vfs_read@fs/read_write.c:450") {}')[0]).toContain("debug information");
  expect(diagnosticsOf('probe kernel.function("vfs_read").inline {}')[0]).toContain("debug information");
});

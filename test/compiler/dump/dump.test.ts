/** The views of a script that `%dump` shows, besides eBPF. */
import { assembleProgram } from "../../../kernel/compiler/bpf/assemble.js";
import { loweredPrograms } from "../../../kernel/compiler/dump/dump.js";
import { printMachineCode } from "../../../kernel/compiler/dump/machine_code.js";
import { lines } from "../syntax/fixture.js";
import { dumped, inputFor, probe, view } from "./fixture.js";

test("several views come in the order asked for", () => {
  const { sections } = dumped("probe begin { exit() }", "ast", "tokens");
  expect(sections).toEqual([
    { kind: "ast", text: "script\n  probe\n    point begin\n    block\n      call exit\n" },
    {
      kind: "tokens",
      text:
        lines(`
        1:1 keyword probe
        1:7 name begin
        1:13 operator {
        1:15 name exit
        1:19 operator (
        1:20 operator )
        1:22 operator }
        1:23 end
      `) + "\n",
    },
  ]);
});

test("what a mistake does not touch is shown all the same", () => {
  const { sections, diagnostics, script } = dumped("probe begin { x = nosuch() }", "ast", "types", "ir", "bpf");
  expect(sections.map(({ kind }) => kind)).toEqual(["ast"]);
  expect(diagnostics).toHaveLength(1);
  expect(script).toBeNull();
});

test("types: keys, values, locals and functions with the bytes that they take", () => {
  const text = `global calls, latency, last[9], note
    function double(x) { return x * 2 }
    function mark(t) { return t . "!" }
    ${probe('calls[execname(), pid()]++; latency <<< double(3); last[1] = mark("abcdefg"); t = tid()')}
    probe end { print(@hist_linear(latency, 0, 40, 10)); v = @variance(latency); note = execname() }`;
  // execname() is a command name of 16 bytes; 7 letters and a zero take 8, one letter more takes 16.
  expect(view("types", text).trimEnd().split("\n")).toEqual([
    "global calls: array of long by string, long, 2048 entries",
    "  key    24 bytes: 0 string (16 bytes), 16 long",
    "  value  16 bytes: 0 inserted, 8 long",
    "",
    "global latency: statistic, 1 entry",
    // 5 words, 4 of squares, 128 of the logarithmic buckets, 7 of 5 linear ones and those outside.
    "  value  1152 bytes: 0 inserted, 8 count, 16 sum, 24 max, 32 min, 40 squares, 72 hist_log, 1096 hist_linear(0, 40, 10), on each CPU",
    "",
    "global last: array of string by long, 9 entries",
    "  key    8 bytes: 0 long",
    "  value  24 bytes: 0 inserted, 8 string (16 bytes)",
    "",
    "global note: string, in memory",
    "",
    "function double(x: long): long",
    "",
    "function mark(t: string (8 bytes)): string (16 bytes)",
    "",
    'probe kernel.trace("sched_process_fork"): in the kernel, tracepoint sched_process_fork',
    "  local t: long",
    "",
    "probe end: in user space",
    "  local v: long",
  ]);
});

test("types: names of a fixed set travel as numbers of eight bytes", () => {
  expect(view("types", "global calls probe syscall_any { calls[name]++ }")).toContain(
    "key    8 bytes: 0 string of syscall (8 bytes)",
  );
});

test("ir: one instruction a line, labels less indented, lines of the script as comments", () => {
  const listing = view("ir", `global n\n${probe("\nif (n) n = 5\n")}`);
  expect(listing.split("\n").slice(0, 2)).toEqual([
    '# program sched_process_fork (raw_tracepoint) for kernel.trace("sched_process_fork")',
    "function handle (main)",
  ]);
  const body = listing.slice(listing.indexOf("    ; test:3: if (n) n = 5\n")).split("\n");
  expect(body.slice(0, 6).map((line) => line.replaceAll(/r\d+|\d+_0/g, "#"))).toEqual([
    "    ; test:3: if (n) n = 5",
    "    # = map_value global:n+0",
    "    # = load #+0 u64",
    "    if # eq 0 goto else#",
    "    # = map_value global:n+0",
    "    store #+0 u64, 5",
  ]);
  expect(body[6]).toMatch(/^ {2}else\d+_0:$/);
});

test("ir: loops are functions, named where they are passed on", () => {
  const listing = view("ir", `global a\n${probe("a[1] = 2; foreach (k in a) println(k)")}`);
  expect(listing.match(/^function .*/gm)).toEqual([
    "function handle (main)",
    "function loop1 (loop)",
    "function each2 (each)",
    "function loop3 (loop)",
  ]);
  expect(listing).toMatch(/r\d+ = function loop1\n\s*r\d+ = call loop\(2049, r\d+, link, 0\)/);
  expect(listing).toMatch(/r\d+ = call for_each_map_elem\(r\d+, r\d+, link, 0\)/);
});

test("ir: what is shown is what the eBPF was made of", () => {
  const text = `global a, n, s
    ${probe('n++; foreach ([k, c] in a-) { s[c] <<< n; if (n > 4) next } try { n /= a[1, "x"] } catch (e) { println(e) }')}
    probe syscall.read, syscall.read.return { n++; a[pid(), execname()]++ }`;
  const { script } = dumped(text);
  expect(script!.programs).toHaveLength(3);
  const again = loweredPrograms(script!, inputFor(text)).map(
    (functions) => assembleProgram(functions, false).instructions,
  );
  expect(again).toEqual(script!.programs.map(({ instructions }) => instructions));
});

test("machine code: sizes, and who shows the rest", () => {
  const sizes = { name: "sys_enter", translatedSize: 400, jitedSize: 312, verifiedInstructions: 77 };
  expect(printMachineCode([sizes])).toBe(
    lines(`
      program sys_enter
        50 instructions (400 bytes), of which the verifier walked 77
        312 bytes of machine code
        while it is loaded: bpftool prog dump jited name sys_enter
    `) + "\n",
  );
  expect(printMachineCode([{ ...sizes, jitedSize: 0 }])).toContain("interpreted");
});

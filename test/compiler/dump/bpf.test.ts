/** Listings of eBPF: against the kernel's own disassembler, and against the instruction set's specification. */
import { disassemble, type InstructionFields } from "../../../kernel/compiler/dump/disassemble.js";
import type { CompiledScript } from "../../../kernel/compiler/compiled.js";
import { Globals } from "../../../kernel/tracing/globals.js";
import { LoadedScript } from "../../../kernel/tracing/loaded_script.js";
import { loadNative, type Native } from "../../../kernel/tracing/native.js";
import { dumped, probe, view } from "./fixture.js";

const native = loadNative();

/** Other test files of this process may have left some. */

const openBefore = native.openHandles();

/** What the verifier prints of the instructions that it walks, by their number. */
function verifierListing(script: CompiledScript): Map<number, string> {
  const logs: string[] = [];
  const logging: Native = {
    ...native,
    loadProgram: (options) => {
      const program = native.loadProgram({ ...options, wantLog: true });
      logs.push(program.verifierLog);
      return program;
    },
  };
  const globals = new Globals(native, 16);
  try {
    globals.prepare(script, []).commit();
    new LoadedScript(logging, script, globals).close();
  } finally {
    globals.close();
  }
  const lines = logs.join("").matchAll(/^(?<number>\d+): \((?<opcode>..)\) (?<text>.*?)(?:\s+; .*)?$/gm);
  return new Map(
    [...lines].map(({ groups }) => [Number(groups!["number"]), `(${groups!["opcode"]}) ${groups!["text"]}`]),
  );
}

function ownListing(text: string): Map<number, string> {
  const lines = view("bpf", text).matchAll(/^ *(?<number>\d+): (?<text>.*)$/gm);
  return new Map([...lines].map(({ groups }) => [Number(groups!["number"]), groups!["text"]!]));
}

/** Addresses of maps and functions differ from load to load. */
function isWide(line: string): boolean {
  return line.startsWith("(18)");
}

const SCRIPTS = {
  "numbers, branches and atomic additions": `global n, a\n${probe("n++; n |= 4; a[n]++; if (n > 3 && n < -2 || n == 0x123456789) a[1] = n / 7 % 3 << n")}`,
  statistics: `global s\n${probe("s <<< 12; if (@max(s) > 3) s <<< @min(s)")} probe end { print(@hist_log(s)) }`,
  "loops, strings and printing": `global a, b\n${probe('foreach (k in a) { b[k . "x"] = k; println(k, b[k]) } a[execname()] = 1')}`,
};

test.each(Object.entries(SCRIPTS))("%s: as the kernel's verifier prints them", (_, text) => {
  const expected = verifierListing(dumped(text).script!);
  const own = ownListing(text);
  expect(expected.size).toBeGreaterThan(50);
  const compared = [...expected].filter(([, line]) => !isWide(line));
  expect(compared.map(([number]) => [number, own.get(number)])).toEqual(compared);
});

test("loads of 64 bits say which map, number or function they load", () => {
  const listing = view("bpf", `global n\n${probe("n = 0x123456789abcdef; while (n) n--")}`);
  expect(listing).toMatch(/^ *\d+: \(18\) r\d = map\[global:n\]\[0\]\+0$/m);
  expect(listing).toMatch(/^ *\d+: \(18\) r\d = map\[scratch\]$/m);
  expect(listing).toMatch(/^ *\d+: \(18\) r\d = 0x123456789abcdef$/m);
  const subprogram = /^ *(?<from>\d+): \(18\) r\d = subprog\[\+(?<distance>\d+)\]$/m.exec(listing)!.groups!;
  // The distance counts from the slot behind the first of the two.
  const start = Number(subprogram["from"]) + 1 + Number(subprogram["distance"]);
  const behind = /^loop\d+:\n(?:;.*\n)?\s*(?<start>\d+):/m.exec(listing)!.groups!;
  expect(Number(behind["start"])).toBe(start);
});

test("lines of the script stand before their code, once for each stretch of it", () => {
  const listing = view("bpf", `global n, m\n${probe("\nn++\nm++\n")}`);
  expect(listing.split("\n").filter((line) => line.startsWith(";"))).toEqual([
    '; test:2: probe kernel.trace("sched_process_fork") {',
    "; test:3: n++",
    "; test:4: m++",
  ]);
});

test("a script without probes on events has no eBPF", () => {
  expect(view("bpf", "probe begin { println(1) }")).toBe("nothing of this runs in the kernel\n");
});

/** Opcodes of "BPF Instruction Set Architecture" (RFC 9669), texts as kernel/bpf/disasm.c formats them. */
const INSTRUCTIONS: readonly (readonly [text: string, opcode: number, fields: Partial<InstructionFields>])[] = [
  ["r1 = -5", 0xb7, { dst: 1, imm: -5 }],
  ["w2 += w3", 0x0c, { dst: 2, src: 3 }],
  ["r1 s>>= 3", 0xc7, { dst: 1, imm: 3 }],
  ["r1 = -r1", 0x87, { dst: 1 }],
  ["r4 = be64 r4", 0xdc, { dst: 4, imm: 64 }],
  ["r1 = *(u16 *)(r2 -8)", 0x69, { dst: 1, src: 2, offset: -8 }],
  ["*(u8 *)(r10 -1) = 7", 0x72, { dst: 10, offset: -1, imm: 7 }],
  ["*(u32 *)(r1 +4) = r2", 0x63, { dst: 1, src: 2, offset: 4 }],
  ["lock *(u64 *)(r1 +8) ^= r2", 0xdb, { dst: 1, src: 2, offset: 8, imm: 0xa0 }],
  ["r2 = atomic64_fetch_add((u64 *)(r1 +8), r2)", 0xdb, { dst: 1, src: 2, offset: 8, imm: 0x01 }],
  ["r2 = atomic64_xchg((u64 *)(r1 +0), r2)", 0xdb, { dst: 1, src: 2, imm: 0xe1 }],
  ["r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)", 0xdb, { dst: 1, src: 2, imm: 0xf1 }],
  ["goto pc-3", 0x05, { offset: -3 }],
  ["if r1 s< 0xffffffff goto pc+2", 0xc5, { dst: 1, offset: 2, imm: -1 }],
  ["if w1 & w2 goto pc+2", 0x4e, { dst: 1, src: 2, offset: 2 }],
  ["call bpf_map_lookup_elem#1", 0x85, { imm: 1 }],
  ["call pc+9", 0x85, { src: 1, imm: 9 }],
  ["exit", 0x95, {}],
];

test.each(INSTRUCTIONS)("%s", (text, opcode, fields) => {
  expect(disassemble({ opcode, dst: 0, src: 0, offset: 0, imm: 0, ...fields })).toBe(text);
});

afterAll(() => expect(native.openHandles()).toBe(openBefore));

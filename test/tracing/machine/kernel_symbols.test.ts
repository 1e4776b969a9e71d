/** Addresses of kernel symbols and symbols of addresses, out of the text that the kernel gives. */
import { readFileSync } from "node:fs";
import { KernelSymbols } from "../../../kernel/tracing/machine/kernel_symbols.js";

const LINES = [
  "0000000000001000 d per_cpu_counter",
  "ffffffff81000000 T _text",
  "ffffffff81a00010 t show",
  "ffffffff81a00020 t show",
  "ffffffff81a00030 t trace",
  "ffffffff81a00040 T trace",
  "ffffffff81a00050 T sys_one",
  "ffffffff81a00050 T also_one",
  "ffffffff81b00000 t do_it.isra.0",
  "ffffffff82000000 D init_task",
  "ffffffff83000000 B _end",
  // Modules come in the order in which they were loaded.
  "ffffffffc0100000 t early\t[late]",
  "ffffffffc0100040 t last_of_late\t[late]",
  "ffffffffc0000000 t helper\t[fuse]",
  "ffffffffc0200000 t bpf_prog_0123456789abcdef_f\t[bpf]",
  "ffffffffc0200080 t bpf_prog_fedcba9876543210_g\t[bpf]",
];
const MODULES = ["late 4096 0 - Live 0xffffffffc0100000 (O)", "fuse 8192 1 a,b, Live 0xffffffffc0000000"];

function symbolsOf(lines: readonly string[], modules: readonly string[] = MODULES): KernelSymbols {
  return new KernelSymbols({
    symbols: () => Buffer.from(lines.map((line) => `${line}\n`).join("")),
    modules: () => modules.map((line) => `${line}\n`).join(""),
  });
}

const hidden = symbolsOf(LINES.map((line) => line.replace(/^[0-9a-f]+/, "0000000000000000")));

describe("the address of a name", () => {
  const symbols = symbolsOf(LINES);

  test.each([
    ["_text", 0xffffffff81000000n],
    ["init_task", 0xffffffff82000000n],
    ["helper", 0xffffffffc0000000n],
    ["do_it.isra.0", 0xffffffff81b00000n],
    ["per_cpu_counter", 0x1000n],
    // One that all of the kernel sees goes before a static one of the same name.
    ["trace", 0xffffffff81a00040n],
    // Two static ones cannot be told apart.
    ["show", null],
    ["init", null],
    ["do_it.isra", null],
    ["doXit.isra.0", null],
    [".*", null],
    ["", null],
  ])("%s", (name, address) => {
    expect(symbols.address(name)).toBe(address);
  });

  test("all addresses of a name", () => {
    expect(symbols.addresses("show").map(({ address }) => address)).toEqual([0xffffffff81a00010n, 0xffffffff81a00020n]);
    expect(symbols.addresses("helper")).toEqual([{ address: 0xffffffffc0000000n, isGlobal: false, module: "fuse" }]);
  });
});

describe("the name of an address", () => {
  const symbols = symbolsOf(LINES);

  test.each([
    [0xffffffff81a00040n, "trace+0/16 kernel"],
    [0xffffffff81a0004fn, "trace+15/16 kernel"],
    // The kernel, too, shows the first of several names.
    [0xffffffff81a00057n, "sys_one+7/1048496 kernel"],
    [0xffffffffc0000008n, "helper+8/8192 fuse"],
    [0xffffffffc0100020n, "early+32/64 late"],
    [0xffffffffc0100050n, "last_of_late+16/4032 late"],
    [0xffffffffc0200010n, "bpf_prog_0123456789abcdef_f+16/128 bpf"],
    // Negative numbers are how a script has them.
    [-0x7e5fffc0n, "trace+0/16 kernel"],
  ])("%s", (address, expected) => {
    const found = symbols.at(address);
    expect(found && `${found.name}+${found.offset}/${found.size} ${found.module}`).toBe(expected);
  });

  test.each([
    ["below the kernel", 0xffffffff80ffffffn],
    ["behind the kernel", 0xffffffff83000001n],
    ["behind a module", 0xffffffffc0101000n],
    ["between modules", 0xffffffffc0002000n],
    ["behind the last program", 0xffffffffc0300000n],
    ["of user space", 0x55550000_1000n],
    ["no address", 0n],
  ])("%s there is none", (_, address) => {
    expect(symbols.at(address)).toBeNull();
  });
});

test("a kernel that hides its addresses tells none, and that it does", () => {
  expect(hidden.areHidden).toBe(true);
  expect(hidden.address("init_task")).toBeNull();
  expect(hidden.at(0xffffffff81a00040n)).toBeNull();
  expect(symbolsOf([]).areHidden).toBe(true);
  expect(symbolsOf(LINES).areHidden).toBe(false);
});

test("modules with their places, and none where addresses are hidden", () => {
  expect(symbolsOf(LINES).modules()).toEqual([
    { name: "late", start: 0xffffffffc0100000n, end: 0xffffffffc0101000n },
    { name: "fuse", start: 0xffffffffc0000000n, end: 0xffffffffc0002000n },
  ]);
  expect(symbolsOf(LINES, ["late 4096 0 - Live 0x0000000000000000"]).modules()).toEqual([]);
});

test("a symbol that came with a module loaded later is found; use counts alone are no reason to read again", () => {
  const lines = [...LINES];
  const modules = [...MODULES];
  let reads = 0;
  const growing = new KernelSymbols({
    symbols: () => {
      reads += 1;
      return Buffer.from(lines.join("\n"));
    },
    modules: () => modules.join("\n"),
  });
  expect(growing.address("later")).toBeNull();
  modules[1] = "fuse 8192 7 a,b,c, Live 0xffffffffc0000000";
  expect(growing.address("_text")).not.toBeNull();
  expect(reads).toBe(1);
  lines.push("ffffffffc0400000 t later\t[later]");
  modules.unshift("later 4096 0 - Live 0xffffffffc0400000");
  expect(growing.address("later")).toBe(0xffffffffc0400000n);
  expect(growing.at(0xffffffffc0400004n)?.name).toBe("later");
  expect(reads).toBe(2);
});

describe("this machine", () => {
  const lines = readFileSync("/proc/kallsyms", "latin1").trimEnd().split("\n");
  const symbols = new KernelSymbols();

  test("the file is read", () => {
    const line = lines.find((candidate) => candidate.includes(" D init_task"));
    const address = line === undefined ? 0n : BigInt(`0x${line.slice(0, 16)}`);
    expect(symbols.address("init_task")).toBe(address === 0n ? null : address);
  });

  test("every address of the kernel has a name that the file has for it", () => {
    const names = new Map<bigint, string[]>();
    for (const line of lines) {
      const [address, , name, module] = line.split(/\s/);
      const place = BigInt(`0x${address}`);
      if (module === undefined && place >= 1n << 63n) names.set(place, [...(names.get(place) ?? []), name!]);
    }
    expect(names.size).toBeGreaterThan(symbols.areHidden ? -1 : 10_000);
    const wrong = [...names].filter(([address, [first]]) => symbols.at(address)?.name !== first);
    expect(wrong).toEqual([]);
  });
});

/** Addresses of kernel symbols out of the text that the kernel gives. */
import { readFileSync } from "node:fs";
import { KernelSymbols } from "../../kernel/tracing/kernel_symbols.js";

const TEXT = [
  "ffffffff81000000 T _text",
  "ffffffff81a00010 t show",
  "ffffffff81a00020 t show",
  "ffffffff81a00030 t trace",
  "ffffffff81a00040 T trace",
  "ffffffff82000000 D init_task",
  "ffffffffc0000000 t helper\t[fuse]",
  "ffffffff81b00000 t do_it.isra.0",
  "",
].join("\n");

describe("kernel symbols", () => {
  const symbols = new KernelSymbols(() => TEXT);

  test.each([
    ["_text", 0xffffffff81000000n],
    ["init_task", 0xffffffff82000000n],
    ["helper", 0xffffffffc0000000n],
    ["do_it.isra.0", 0xffffffff81b00000n],
    // One that all of the kernel sees goes before a static one of the same name.
    ["trace", 0xffffffff81a00040n],
    // Two static ones cannot be told apart.
    ["show", null],
    ["init", null],
    ["do_it.isra", null],
    ["doXit.isra.0", null],
    [".*", null],
  ])("%s", (name, address) => {
    expect(symbols.address(name)).toBe(address);
  });

  test("a kernel that hides its addresses tells none", () => {
    const hidden = new KernelSymbols(() => TEXT.replaceAll(/^[0-9a-f]+/gm, "0000000000000000"));
    expect(hidden.address("init_task")).toBeNull();
  });

  test("a symbol that came with a module loaded later is found", () => {
    let text = TEXT;
    const growing = new KernelSymbols(() => text);
    expect(growing.address("late")).toBeNull();
    text += "ffffffffc0001000 t late\t[late]\n";
    expect(growing.address("late")).toBe(0xffffffffc0001000n);
  });

  test("this machine's file is read", () => {
    const line = /^([0-9a-f]+) D init_task$/m.exec(readFileSync("/proc/kallsyms", "latin1"));
    const address = line && BigInt(`0x${line[1]}`);
    expect(new KernelSymbols().address("init_task")).toBe(address === 0n ? null : address);
  });
});

/** Which symbol of the kernel an address lies in, out of the text that the kernel gives. */
import { readFileSync } from "node:fs";
import { KernelCode } from "../../kernel/tracing/kernel_code.js";

const TEXT = [
  "0000000000001000 A cpu_variable",
  "ffffffff81000000 T _stext",
  "ffffffff81000000 T _text",
  "ffffffff81000040 t first",
  "ffffffff81000100 T second",
  "ffffffff81000180 T third",
  "ffffffff82000000 D table",
  "ffffffffc0001000 t helper\t[fuse]",
  "ffffffffc0001080 t last\t[fuse]",
  "ffffffffc0800000 t other\t[loop]",
  "",
].join("\n");

describe("the symbol that an address lies in", () => {
  const code = new KernelCode(() => TEXT);

  test.each([
    [0xffffffff81000000n, "_stext+0/64 kernel"],
    [0xffffffff8100003fn, "_stext+63/64 kernel"],
    [0xffffffff81000100n, "second+0/128 kernel"],
    [-0x7effff00n, "second+0/128 kernel"],
    [0xffffffffc0001010n, "helper+16/128 fuse"],
    // Nothing tells how far a module's last function goes.
    [0xffffffffc0001090n, "last+16/? fuse"],
    [0xffffffffc0700000n, null],
    [0xffffffff80ffffffn, null],
    [0x1000n, null],
    [0n, null],
  ])("%p", (address, expected) => {
    const place = code.place(address);
    expect(place && `${place.name}+${place.offset}/${place.size ?? "?"} ${place.module}`).toBe(expected);
  });
});

test("groups of functions from the first to behind the last", () => {
  const code = new KernelCode(() => TEXT);
  expect(code.range(["second", "first", "nowhere"])).toEqual({ start: 0xffffffff81000040n, size: 0x140n });
  expect(code.range(["nowhere"])).toEqual({ start: 0n, size: 0n });
});

test("a kernel that hides its addresses names none", () => {
  const hidden = new KernelCode(() => TEXT.replaceAll(/^[0-9a-f]+/gm, "0000000000000000"));
  expect(hidden.isHidden).toBe(true);
  expect(hidden.place(0xffffffff81000100n)).toBeNull();
  expect(hidden.range(["second"])).toEqual({ start: 0n, size: 0n });
});

test("what was loaded later is found, without reading for every unknown address", () => {
  let [text, reads, now] = [TEXT, 0, 0];
  const code = new KernelCode(
    () => {
      reads++;
      return text;
    },
    () => now,
  );
  const address = 0xffffffffd0000000n;
  expect(code.place(address)).toBeNull();
  expect(code.place(address)).toBeNull();
  expect(reads).toBe(1);
  text += "ffffffffd0000000 t bpf_prog_1\t[bpf]\n";
  now = 5000;
  expect(code.place(address)).toMatchObject({ name: "bpf_prog_1", module: "bpf" });
  expect(reads).toBe(2);
});

test("this machine's functions are found by the addresses that it tells for them", () => {
  const code = new KernelCode();
  const names = new Map<string, string[]>();
  for (const [, address = "", name = ""] of readFileSync("/proc/kallsyms", "latin1").matchAll(
    /^(ffff[0-9a-f]{12}) \w (\S+)$/gm,
  )) {
    const others = names.get(address);
    if (others) others.push(name);
    else names.set(address, [name]);
  }
  const addresses = [...names.keys()].toSorted();
  // The last one has no end.
  for (
    let index = addresses.indexOf([...names].find(([, own]) => own.includes("_stext"))?.[0] ?? "");
    index < addresses.length - 1;
    index += 997
  ) {
    const address = addresses[index]!;
    expect(names.get(address)).toContain(code.place(BigInt(`0x${address}`))?.name);
    expect(code.place(BigInt(`0x${address}`))?.offset).toBe(0n);
  }
});

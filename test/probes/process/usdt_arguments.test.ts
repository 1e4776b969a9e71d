/** Operands of static probes, as the two assemblers write them; the expectations are read off the instruction sets' manuals. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  parseUsdtArguments,
  type UsdtLocation,
  type UsdtMachine,
} from "../../../kernel/probes/process/usdt_arguments.js";

/** A short form of a place, so that a row of the tables fits a line. */
function shown(location: UsdtLocation): string {
  switch (location.kind) {
    case "constant":
      return `constant ${location.value}`;
    case "register":
      return `register ${location.register.name} ${location.register.width} >>${location.register.shift}`;
    case "address":
      return `address ${location.symbol}+${location.displacement}`;
    case "memory": {
      const index = location.index
        ? `${location.indexSigned ? "signed " : ""}${location.index.name}:${location.index.width}*${location.scale}`
        : "-";
      const segment = location.segment === "" ? "" : `${location.segment}:`;
      return `memory ${segment}${location.base?.name ?? "-"} ${index} ${location.symbol}+${location.displacement}`;
    }
    case "unreadable":
      return `unreadable ${location.reason}`;
  }
}

function parsed(text: string, machine: UsdtMachine): readonly string[] {
  return parseUsdtArguments(text, machine).map(
    ({ size, signed, location }) => `${signed ? "signed" : "unsigned"} ${size} ${shown(location)}`,
  );
}

describe("x86-64", () => {
  test.each([
    ["-4@%edi", "signed 4 register rdi 4 >>0"],
    ["8@%rax", "unsigned 8 register rax 8 >>0"],
    ["2@%r10w", "unsigned 2 register r10 2 >>0"],
    ["-1@%r8b", "signed 1 register r8 1 >>0"],
    ["4@%r15d", "unsigned 4 register r15 4 >>0"],
    ["1@%dl", "unsigned 1 register rdx 1 >>0"],
    ["1@%ah", "unsigned 1 register rax 1 >>8"],
    ["1@%sil", "unsigned 1 register rsi 1 >>0"],
    ["2@%bp", "unsigned 2 register rbp 2 >>0"],
    ["4@$5", "unsigned 4 constant 5"],
    ["-8@$-5", "signed 8 constant -5"],
    ["8@$0x1f", "unsigned 8 constant 31"],
    ["8@$010", "unsigned 8 constant 8"],
    ["8@$18446744073709551615", "unsigned 8 constant -1"],
    ["8@$.LC0+4", "unsigned 8 address .LC0+4"],
    ["8@-16(%rbp)", "unsigned 8 memory rbp - +-16"],
    ["8@(%rsp)", "unsigned 8 memory rsp - +0"],
    ["-4@0x10(%rsp)", "signed 4 memory rsp - +16"],
    ["8@-16+8(%rsp)", "unsigned 8 memory rsp - +-8"],
    ["8@(%rax,%rbx,4)", "unsigned 8 memory rax rbx:8*4 +0"],
    ["8@-8(%rax,%r12)", "unsigned 8 memory rax r12:8*1 +-8"],
    ["8@8(,%rcx,8)", "unsigned 8 memory - rcx:8*8 +8"],
    ["-1@sym(%rip)", "signed 1 memory - - sym+0"],
    ["4@table+8(%rip)", "unsigned 4 memory - - table+8"],
    ["4@8+table(%rip)", "unsigned 4 memory - - table+8"],
    ["4@table(,%rax,4)", "unsigned 4 memory - rax:8*4 table+0"],
    ["4@table-4(%rbx)", "unsigned 4 memory rbx - table+-4"],
    ["4@_ZL7counter", "unsigned 4 memory - - _ZL7counter+0"],
    ["8@16(%rip)", "unsigned 8 memory rip - +16"],
    ["8@%fs:-8", "unsigned 8 memory fs:- - +-8"],
    ["8@%fs:16(%rax)", "unsigned 8 memory fs:rax - +16"],
    ["%rdi", "signed 8 register rdi 8 >>0"],
    ["8f@%xmm0", "unsigned 8 unreadable it is a floating-point number"],
    ["8@%xmm3", "unsigned 8 unreadable %xmm3 is a vector register"],
    ["16@(%rax)", "unsigned 8 unreadable a value of 16 bytes is no number"],
    ["8@%r16", 'unsigned 8 unreadable "%r16" is no operand of x86_64 that is known here'],
    [
      "8@value@GOTPCREL(%rip)",
      'unsigned 8 unreadable "value@GOTPCREL(%rip)" is no operand of x86_64 that is known here',
    ],
    ["8@a-b(%rip)", 'unsigned 8 unreadable "a-b(%rip)" is no operand of x86_64 that is known here'],
    ["8@(%rax,%rbx,3)", 'unsigned 8 unreadable "(%rax,%rbx,3)" is no operand of x86_64 that is known here'],
  ])("%s", (text, expected) => {
    expect(parsed(text, "x86_64")).toEqual([expected]);
  });

  test("several, one of which cannot be read", () => {
    expect(
      parsed("-4@%edi 8@-16(%rbp)  4f@%xmm0 8@(%rax,%rbx,4) -1@sym(%rip)", "x86_64").map((line) => line.split(" ")[2]),
    ).toEqual(["register", "memory", "unreadable", "memory", "memory"]);
    expect(parsed("", "x86_64")).toEqual([]);
  });
});

describe("arm64", () => {
  test.each([
    ["8@x0", "unsigned 8 register x0 8 >>0"],
    ["-4@w19", "signed 4 register x19 4 >>0"],
    ["8@sp", "unsigned 8 register sp 8 >>0"],
    ["8@x30", "unsigned 8 register x30 8 >>0"],
    ["8@xzr", "unsigned 8 constant 0"],
    ["-4@-5", "signed 4 constant -5"],
    ["4@#12", "unsigned 4 constant 12"],
    ["8@[x1]", "unsigned 8 memory x1 - +0"],
    ["-4@[sp, 60]", "signed 4 memory sp - +60"],
    ["8@[x29, #-8]", "unsigned 8 memory x29 - +-8"],
    ["8@[x29,-8]", "unsigned 8 memory x29 - +-8"],
    ["8@[x0, x1]", "unsigned 8 memory x0 x1:8*1 +0"],
    ["8@[x0, x1, lsl 3]", "unsigned 8 memory x0 x1:8*8 +0"],
    ["8@[x0, w1, sxtw 2]", "unsigned 8 memory x0 signed x1:4*4 +0"],
    ["8@[x0, w1, uxtw #3]", "unsigned 8 memory x0 x1:4*8 +0"],
    ["8@[x0, w1, sxtw]", "unsigned 8 memory x0 signed x1:4*1 +0"],
    ["4@[x3, :lo12:counter]", "unsigned 4 memory - - counter+0"],
    ["4@[x3, #:lo12:counter+4]", "unsigned 4 memory - - counter+4"],
    ["8@counter", "unsigned 8 address counter+0"],
    ["8f@d0", "unsigned 8 unreadable it is a floating-point number"],
    ["8@d0", "unsigned 8 unreadable d0 is a vector register"],
    ["8@[w0]", 'unsigned 8 unreadable "[w0]" is no operand of aarch64 that is known here'],
    ["8@[x0, w1]", 'unsigned 8 unreadable "[x0, w1]" is no operand of aarch64 that is known here'],
    ["8@[x0, 8]!", 'unsigned 8 unreadable "[x0, 8]!" is no operand of aarch64 that is known here'],
  ])("%s", (text, expected) => {
    expect(parsed(text, "aarch64")).toEqual([expected]);
  });

  test("several, with blanks within brackets", () => {
    expect(parsed("-4@[sp, 60] 8@[x0, w1, sxtw 2] -8@x2", "aarch64").map((line) => line.split(" ")[2])).toEqual([
      "memory",
      "memory",
      "register",
    ]);
  });
});

test("any text has an answer", () => {
  const pieces = fc.constantFrom(
    "%",
    "$",
    "@",
    "(",
    ")",
    "[",
    "]",
    ",",
    "-",
    "+",
    "rax",
    "x0",
    "8",
    "0x",
    " ",
    "f",
    ":",
    "sym",
    "!",
  );
  fc.assert(
    fc.property(
      fc.array(pieces).map((parts) => parts.join("")),
      fc.constantFrom<UsdtMachine>("x86_64", "aarch64"),
      (text, machine) => {
        for (const { size } of parseUsdtArguments(text, machine)) expect([1, 2, 4, 8]).toContain(size);
      },
    ),
  );
});

const onIntel = process.arch === "x64" ? test : test.skip;

onIntel("what is called readable on x86-64, the assembler takes as an operand", () => {
  const folder = mkdtempSync(join(tmpdir(), "tapbook-usdt-"));
  try {
    const registers = ["rax", "rbx", "rsi", "r9", "r15", "rbp"];
    const memory = fc
      .tuple(
        fc.integer({ min: -4096, max: 4096 }),
        fc.constantFrom("", "sym", "sym+8"),
        fc.constantFrom(...registers, ""),
        fc.constantFrom(...registers, ""),
        fc.constantFrom(1, 2, 4, 8),
      )
      .map(([displacement, symbol, base, index, scale]) => {
        const front = symbol === "" ? `${displacement}` : symbol;
        const inner = [base && `%${base}`, ...(index ? [`%${index}`, `${scale}`] : [])].join(",");
        return inner === "" ? front : `${front}(${inner})`;
      });
    const places = fc.sample(memory, { numRuns: 200, seed: 7 });
    const file = join(folder, "operands.s");
    writeFileSync(file, places.map((place) => `mov ${place}, %r11\n`).join(""));
    execFileSync("as", ["-o", join(folder, "operands.o"), file]);
    for (const place of places) expect(parseUsdtArguments(`8@${place}`, "x86_64")[0]!.location.kind).toBe("memory");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

import {
  argumentTypes,
  formatForPrint,
  MemoryReadError,
  parseFormat,
  renderFormat,
  type FormatPiece,
} from "../../../kernel/compiler/text/format.js";

function pieces(format: string): FormatPiece[] {
  const parsed = parseFormat(format);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  return parsed.pieces;
}

function format(text: string, ...values: (bigint | string)[]): string {
  return renderFormat(pieces(text), values);
}

function readMemory(address: bigint, length: number, user: boolean): string | null {
  return address === 0x1000n ? (user ? "user memory" : "kernel memory").slice(0, length) : null;
}

function dump(text: string, ...values: bigint[]): string {
  return renderFormat(pieces(text), values, { readMemory });
}

describe("numbers, as C prints them", () => {
  test.each<[string, bigint, string]>([
    ["%d", 42n, "42"],
    ["%i", -42n, "-42"],
    ["%ld", 42n, "42"],
    ["%5d", 42n, "   42"],
    ["%5d", -42n, "  -42"],
    ["%-5d|", 42n, "42   |"],
    ["%05d", 42n, "00042"],
    ["%05d", -42n, "-0042"],
    ["%+d", 42n, "+42"],
    ["%+d", -42n, "-42"],
    ["%+d", 0n, "+0"],
    ["% d", 42n, " 42"],
    ["% d", -42n, "-42"],
    ["%.5d", -42n, "-00042"],
    ["%8.5d", -42n, "  -00042"],
    ["%-8.5d|", 42n, "00042   |"],
    ["%2d", 12345n, "12345"],
    ["%#d", 42n, "42"],
    ["%d", 9223372036854775807n, "9223372036854775807"],
    ["%d", -9223372036854775808n, "-9223372036854775808"],
    ["%u", -1n, "18446744073709551615"],
    ["%+u", 7n, "7"],
    ["%x", 255n, "ff"],
    ["%X", 255n, "FF"],
    ["%x", -1n, "ffffffffffffffff"],
    ["%8x", 255n, "      ff"],
    ["%08x", 255n, "000000ff"],
    ["%#x", 255n, "0xff"],
    ["%#X", 255n, "0XFF"],
    ["%#8x", 255n, "    0xff"],
    ["%.4x", 255n, "00ff"],
    ["%#.4x", 255n, "0x00ff"],
    ["%o", 8n, "10"],
    ["%#o", 8n, "010"],
    ["%o", -1n, "1777777777777777777777"],
    ["%p", 0xbc614en, "0xbc614e"],
    ["%12p", 0xbc614en, "    0xbc614e"],
  ])("%s of %s", (text, value, expected) => expect(format(text, value)).toBe(expected));

  test("64 bits are all there are", () => expect(format("%d %u", 2n ** 63n, 2n ** 64n + 1n)).toBe(`-${2n ** 63n} 1`));
});

describe("numbers, where SystemTap differs from C", () => {
  test.each<[string, bigint, string]>([
    ["%#x", 0n, "0x0"],
    ["%p", 0n, "0x0"],
    ["%#o", 0n, "00"],
    ["%.0d", 0n, "0"],
    ["%08.5d", 42n, "00000042"],
  ])("%s of %s", (text, value, expected) => expect(format(text, value)).toBe(expected));
});

describe("strings", () => {
  test.each<[string, string, string]>([
    ["%s", "bash", "bash"],
    ["%6s|", "bash", "  bash|"],
    ["%-6s|", "bash", "bash  |"],
    ["%.2s", "bash", "ba"],
    ["%6.2s|", "bash", "    ba|"],
    ["%.0s|", "bash", "|"],
    ["%.s|", "bash", "|"],
    ["%#s", "bash", "bash"],
    ["%06s", "bash", "  bash\0"],
    ["%2s", "bash", "bash"],
    // Sizes count bytes: "é" in UTF-8 is two.
    ["%4s", "\xc3\xa9", "  \xc3\xa9"],
  ])("%s of %j", (text, value, expected) => expect(format(text, value)).toBe(expected));
});

describe("characters", () => {
  test.each<[string, bigint, string]>([
    ["%c", 65n, "A"],
    ["%3c|", 65n, "  A|"],
    ["%-3c|", 65n, "A  |"],
    ["%c", 0x141n, "A"],
    ["%c", 0n, "\0"],
    ["%#c", 122n, "z"],
    ["%#c", 0n, "\\000"],
    ["%#c", 8n, "\\b"],
    ["%#c", 10n, "\\n"],
    ["%#c", 236n, "\\354"],
    ["%#c", 127n, "\\177"],
    ["%#c", 39n, "\\'"],
    ["%#c", 92n, "\\\\"],
    ["%#4c", 10n, "  \\n"],
  ])("%s of %s", (text, value, expected) => expect(format(text, value)).toBe(expected));
});

describe("binary", () => {
  test("the examples of the language reference", () => {
    expect(format("%1b%1b%1blo %1b%1brld", 72n, 101n, 108n, 87n, 111n)).toBe("Hello World");
    expect(format("%b%b", 0xc0dedbadn, 0x12345678n)).toBe("\xad\xdb\xde\xc0\0\0\0\0\x78\x56\x34\x12\0\0\0\0");
  });

  test.each<[string, bigint, string]>([
    ["%2b", 0x4241n, "AB"],
    ["%4b", 0x44434241n, "ABCD"],
    ["%2b", -1n, "\xff\xff"],
    ["%.2b", 0x4241n, "AB"],
    ["%4.2b", 0x4241n, "\0\0AB"],
    ["%-4.2b", 0x4241n, "AB\0\0"],
    ["%3b", 0x41n, "A\0\0\0\0\0\0\0"],
  ])("%s of %s", (text, value, expected) => expect(format(text, value)).toBe(expected));
});

describe("memory", () => {
  test.each<[string, bigint[], string]>([
    ["%m", [0x1000n], "k"],
    ["%.6m", [0x1000n], "kernel"],
    ["%#.4m", [0x1000n], "user"],
    ["%8.6m|", [0x1000n], "  kernel|"],
    ["%-8.6m|", [0x1000n], "kernel  |"],
    ["%M", [0x1000n], "6b"],
    ["%.4M", [0x1000n], "6b65726e"],
    ["%10.4M", [0x1000n], "  6b65726e"],
    ["%.*M", [3n, 0x1000n], "6b6572"],
  ])("%s", (text, values, expected) => expect(dump(text, ...values)).toBe(expected));

  test("that cannot be read is a typed error", () => {
    expect(() => dump("%m", -1n)).toThrow(MemoryReadError);
    expect(() => dump("%m", -1n)).toThrow("kernel read fault at 0xffffffffffffffff");
    expect(() => format("%#m", 16n)).toThrow("user read fault at 0x10");
  });
});

describe("sizes given as arguments", () => {
  test.each<[string, (bigint | string)[], string]>([
    ["%*d|", [5n, 42n], "   42|"],
    ["%*d|", [-5n, 42n], "42   |"],
    ["%0*d|", [-5n, 42n], "42   |"],
    ["%.*s|", [2n, "bash"], "ba|"],
    ["%*.*s|", [6n, 2n, "bash"], "    ba|"],
    ["%.*s|", [-1n, "bash"], "|"],
  ])("%s of %j", (text, values, expected) => expect(format(text, ...values)).toBe(expected));

  test("a field is never wider than the print buffer", () => {
    expect(format("%*d", 1_000_000_000n, 1n)).toHaveLength(8192);
    expect(format("%1000000000d", 1n)).toHaveLength(8192);
  });
});

describe("parsing", () => {
  test("keeps literal text in one piece", () => {
    expect(pieces("100%% of %s: %d%%\n")).toEqual([
      { kind: "literal", text: "100% of " },
      { kind: "conversion", conversion: "s", flag: null, width: null, precision: null },
      { kind: "literal", text: ": " },
      { kind: "conversion", conversion: "d", flag: null, width: null, precision: null },
      { kind: "literal", text: "%\n" },
    ]);
    expect(pieces("")).toEqual([]);
  });

  test("reads flag, width and precision", () => {
    expect(pieces("%-20.*lx")).toEqual([{ kind: "conversion", conversion: "x", flag: "-", width: 20, precision: "*" }]);
  });

  test("takes a lone % at the end for itself", () => expect(format("50%")).toBe("50%"));

  test.each([
    ["a %n b", 2, 4, "no `%n`"],
    ["%lld", 0, 3, "one `l`"],
    ["x%-+5d", 1, 4, "at most one flag"],
    ["%l\n", 0, 3, "specifier in `%l\\n`"],
    ["%y", 0, 2, "`%y`"],
    ["%5", 0, 2, "`%5`"],
    ["%5%", 0, 3, "`%5%`"],
    ["ok %d %hd", 6, 8, "`%h`"],
  ])("refuses %j", (text, start, end, message) => {
    const parsed = parseFormat(text);
    expect(parsed).toEqual({ problem: { start, end, message: expect.stringContaining(message) } });
  });
});

describe("argument types", () => {
  test("are in order, a long for every *", () => {
    expect(argumentTypes(pieces("%s %*d %.*s %c%%"))).toEqual(["string", "long", "long", "long", "string", "long"]);
  });

  test("are checked when text is made", () => {
    expect(() => format("%d", "text")).toThrow(TypeError);
    expect(() => format("%s", 1n)).toThrow(TypeError);
    expect(() => format("%s %s", "one")).toThrow(TypeError);
  });
});

describe("print and its kin", () => {
  const values = [1n, "two", -3n];
  test.each([
    ["print", {}, "1two-3"],
    ["println", { newline: true }, "1two-3\n"],
    ["printd", { delimiter: "%, " }, "1%, two%, -3"],
    ["printdln", { delimiter: ":", newline: true }, "1:two:-3\n"],
  ])("%s", (_, style, expected) => {
    expect(renderFormat(formatForPrint(["long", "string", "long"], style), values)).toBe(expected);
  });
});

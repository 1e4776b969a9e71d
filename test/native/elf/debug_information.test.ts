/** Debug information as the engine reads it, against the program's own report and what binutils say. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DataType, DataTypeKind } from "../../../kernel/compiler/types/data_type.js";
import { loadNative, type NativeElf } from "../../../kernel/tracing/native.js";
import { typesOfElf } from "../../../kernel/tracing/machine/elf_types.js";
import { TestPrograms, linesOf } from "./programs.js";

const native = loadNative();
const programs = new TestPrograms();
const source = fileURLToPath(new URL("described.cpp", import.meta.url));
const sourceLines = readFileSync(source, "utf8").split("\n");
const build = (name: string, ...options: readonly string[]): string =>
  programs.build(name, "described.cpp", ["-Wno-invalid-offsetof", ...options]);
const optimised = build("optimised", "-O2", "-g", "-pie", "-fPIE");
const variants: readonly (readonly [string, string])[] = [
  ["DWARF 5, optimised", optimised],
  ["DWARF 4, not optimised", build("plain", "-O0", "-gdwarf-4", "-no-pie")],
  ["DWARF 3", build("old", "-O1", "-gdwarf-3")],
  ["DWARF 2", build("oldest", "-O1", "-gdwarf-2")],
  ["compressed", build("compressed", "-O1", "-g", "-gz")],
  ["in a file of its own", separate()],
];

function separate(): string {
  const path = programs.path("separate");
  execFileSync("objcopy", ["--only-keep-debug", optimised, `${path}.debug`]);
  execFileSync("objcopy", ["--strip-all", `--add-gnu-debuglink=${path}.debug`, optimised, path]);
  return path;
}

const open: NativeElf[] = [];
function opened(path: string): NativeElf {
  const elf = native.openElf(path);
  open.push(elf);
  return elf;
}

afterEach(() => {
  for (const elf of open.splice(0)) elf.close();
});
afterAll(() => programs.remove());

/** The number of the source line that holds a text. */
function lineWith(text: string): number {
  const found = sourceLines.findIndex((line) => line.includes(text));
  expect(found).toBeGreaterThanOrEqual(0);
  return found + 1;
}

describe.each(variants)("%s", (_, path) => {
  const report = new Map(linesOf(path).map((line) => [line.split(" ")[0]!, Number(line.split(" ")[1])] as const));

  function found(elf: NativeElf, name: string, kind: DataTypeKind): DataType {
    const types = typesOfElf(elf);
    const id = types.find(name, kind);
    if (id === null) throw new Error(`no ${kind} ${name}`);
    return types.type(id);
  }

  function member(elf: NativeElf, type: DataType, name: string): DataType {
    const member = type.members.find((candidate) => candidate.name === name);
    if (!member) throw new Error(`no ${name} in ${type.name}`);
    return elf.dwarfType(member.type);
  }

  test("types have the sizes and offsets that the program reports", () => {
    const elf = opened(path);
    expect(elf.hasDebugInformation).toBe(true);
    for (const [key, value] of report) {
      const [name, inner] = key.split(".");
      if (!/^(?:Described|Point)$/.test(name!)) continue;
      const type = found(elf, name!, "struct");
      if (inner === undefined) expect(type.size).toBe(value);
      const place = type.members.find((candidate) => candidate.name === inner);
      if (place) expect([key, place.bitOffset]).toEqual([key, value * 8]);
    }
    const described = found(elf, "Described", "struct");
    // The base class and the union have no names; the static member lies elsewhere.
    expect(described.members.map(({ name }) => name)).toEqual([
      "",
      "point",
      "next",
      "grid",
      "low",
      "high",
      "",
      "colour",
      "word",
      "compare",
      "flag",
      "text",
    ]);
    const [base, union] = described.members.filter(({ name }) => name === "");
    expect([base!.bitOffset, union!.bitOffset]).toEqual([
      report.get("Described.inherited")! * 8,
      report.get("Described.real")! * 8,
    ]);
    expect(elf.dwarfType(base!.type)).toMatchObject({ kind: "struct", name: "Base" });
    expect(elf.dwarfType(union!.type)).toMatchObject({ kind: "union", name: "", size: 4 });
    expect(elf.dwarfType(union!.type).members.map(({ name, bitOffset }) => [name, bitOffset])).toEqual([
      ["real", 0],
      ["small", 0],
    ]);
  });

  test("bitfields, arrays, pointers, enumerations, prototypes", () => {
    const elf = opened(path);
    const described = found(elf, "Described", "struct");
    const low = described.members.find(({ name }) => name === "low")!;
    const high = described.members.find(({ name }) => name === "high")!;
    expect([low.bitSize, high.bitSize, high.bitOffset - low.bitOffset]).toEqual([3, 11, 3]);
    // Behind the grid: 15 numbers of four bytes.
    expect(low.bitOffset).toBe((report.get("Described.grid")! + 60) * 8);

    const grid = member(elf, described, "grid");
    expect(grid).toMatchObject({ kind: "array", elements: 3, size: 60 });
    const row = elf.dwarfType(grid.target);
    expect(row).toMatchObject({ kind: "array", elements: 5, size: 20 });
    expect(elf.dwarfType(row.target)).toMatchObject({ kind: "int", name: "int", size: 4, signed: true });
    expect(member(elf, described, "text")).toMatchObject({ kind: "array", elements: 0, size: 0 });

    const next = member(elf, described, "next");
    expect(next).toMatchObject({ kind: "pointer", size: 8 });
    // `const` is looked through, and each type has one number.
    expect(next.target).toBe(elf.findType("Point", "struct"));
    const word = member(elf, described, "word");
    expect(word).toMatchObject({ kind: "typedef", name: "Word", size: 8 });
    expect(elf.dwarfType(word.target)).toMatchObject({ kind: "int", signed: false, size: 8 });
    expect(member(elf, described, "flag")).toMatchObject({ kind: "int", name: "bool", size: 1, signed: false });
    expect(found(elf, "double", "float")).toMatchObject({ size: 8 });

    const compare = elf.dwarfType(member(elf, described, "compare").target);
    expect(compare.kind).toBe("function_prototype");
    expect(elf.dwarfType(compare.target).name).toBe("int");
    expect(compare.parameters.map(({ type }) => elf.dwarfType(type).kind)).toEqual(["pointer", "int"]);

    const values = (name: string): readonly string[] =>
      found(elf, name, "enum").enumerators.map((enumerator) => `${enumerator.name}=${enumerator.value}`);
    expect(values("Colour")).toEqual(["Red=0", "Green=7", "Blue=200"]);
    expect(values("Direction")).toEqual(["Back=-1", "Forth=1"]);

    const unknown = elf.dwarfType(elf.dwarfType(elf.dwarfVariables("unknown_pointer")[0]!.type).target);
    expect(unknown).toMatchObject({ kind: "forward", name: "Unknown", size: 0 });
    expect(elf.typeNames("struct", "Desc")).toEqual(["Described"]);
    expect(elf.typeNames("enum", "")).not.toContain("");
    const types = typesOfElf(elf);
    expect(types.enumeration("Green")).toBe(elf.findType("Colour", "enum"));
    expect(types.type(types.enumeration("Nameless")!).enumerators).toEqual([{ name: "Nameless", value: 31n }]);
    expect(types.enumeration("Purple")).toBeNull();
    expect(elf.findType("Described", "union")).toBeNull();
    expect(() => elf.dwarfType(0)).toThrow(expect.objectContaining({ code: "ENOENT" }));
    expect(() => elf.dwarfType(1_000_000)).toThrow(expect.objectContaining({ code: "ENOENT" }));
  });

  test("functions are where nm has them, with their parameters", () => {
    const elf = opened(path);
    const [measured, ...more] = elf.dwarfFunctions("measured");
    expect(more).toEqual([]);
    const symbol = linesOf("nm", optimisedOr(path)).find((line) => line.endsWith(" T measured"))!;
    expect(measured).toMatchObject({
      name: "measured",
      line: lineWith("long measured(int first"),
      address: BigInt(`0x${symbol.split(" ")[0]}`),
      inlined: false,
    });
    expect(measured!.file).toBe(source);
    expect(measured!.offset).toBe(elf.offsetOf(measured!.address));
    expect(measured!.parameters.map(({ name }) => name)).toEqual(["first", "second", "third"]);
    expect(measured!.locals.map(({ name }) => name)).toEqual(["sum"]);
    const types = measured!.parameters.map(({ type }) => elf.dwarfType(type));
    expect(types.map(({ kind, name, size }) => `${kind} ${name} ${size}`)).toEqual([
      "int int 4",
      "pointer  8",
      "int long int 8",
    ]);
    expect(types[1]!.target).toBe(elf.findType("Point", "struct"));
    expect(elf.dwarfType(measured!.returnType).name).toBe("long int");
    expect(elf.dwarfFunctions("nobody")).toEqual([]);
    expect(elf.dwarfFunctionAt(measured!.address)).toEqual(measured);
    expect(elf.dwarfFunctionAt(measured!.address + 1n)).toBeNull();
  });

  test("overloaded functions by their name in the source, and one of them by the linker's", () => {
    const elf = opened(path);
    expect(elf.dwarfFunctions("overloaded")).toHaveLength(2);
    const [ofDouble, ...more] = elf.dwarfFunctions("_ZN5tools10overloadedEd");
    expect(more).toEqual([]);
    expect(elf.dwarfType(ofDouble!.parameters[0]!.type).name).toBe("double");
  });

  test("each place where a function was inlined lies in a caller", () => {
    const elf = opened(path);
    const places = elf.dwarfFunctions("inlined_step");
    expect(places).toHaveLength(3);
    expect(places.every(({ inlined }) => inlined)).toBe(true);
    const callers = places.map(({ address }) => `${elf.symbolAt(address)?.name}`);
    expect(callers.toSorted((one, other) => one.localeCompare(other))).toEqual([
      "caller_one",
      "caller_two",
      "caller_two",
    ]);
    expect(places.map(({ parameters }) => parameters[0]?.name)).toEqual(["number", "number", "number"]);
  });

  test("variables: their addresses are nm's", () => {
    const elf = opened(path);
    const symbols = linesOf("nm", "-C", optimisedOr(path));
    for (const [name, shown] of [
      ["hidden_counter", "hidden_counter"],
      ["described_pointer", "described_pointer"],
      ["count", "Described::count"],
    ] as const) {
      const address = BigInt(`0x${symbols.find((line) => line.endsWith(` ${shown}`))!.split(" ")[0]}`);
      const [variable, ...others] = elf.dwarfVariables(name);
      expect(others).toEqual([]);
      // DW_OP_addr
      expect(variable?.locations).toEqual([
        { low: 0n, high: 0xffff_ffff_ffff_ffffn, operations: [{ code: 0x03, first: address, second: 0n }] },
      ]);
      expect([variable?.file, variable?.external]).toEqual([source, name !== "hidden_counter"]);
    }
    expect(elf.dwarfVariables("nobody")).toEqual([]);
    expect(elf.dwarfVariableNames()).toEqual(expect.arrayContaining(["hidden_counter", "described_pointer", "count"]));
  });

  test("the line of every instruction is addr2line's", () => {
    const elf = opened(path);
    const whole = optimisedOr(path);
    const functions = ["measured", "caller_one", "caller_two", "main"].map((name) => opened(whole).functions(name)[0]!);
    const addresses = functions.flatMap(({ address, size }) =>
      Array.from({ length: Number(size) }, (_unused, index) => address + BigInt(index)),
    );
    const listed = execFileSync("addr2line", ["-e", whole], {
      input: addresses.map((address) => address.toString(16)).join("\n"),
      encoding: "utf8",
    });
    const expected = listed
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/ \(discriminator \d+\)$/, ""));
    const ours = addresses.map((address) => {
      const line = elf.lineOf(address);
      return line ? `${line.file}:${line.line}` : "??:?";
    });
    const different = ours.filter((line, index) => line !== expected[index] && !expected[index]!.endsWith(":?"));
    expect(different).toEqual([]);
    expect(elf.lineOf(0x7fff_0000_0000n)).toBeNull();
    expect(elf.lineOf(0n)).toBeNull();
  });

  test("the code of a line begins where the line of the address says so", () => {
    const elf = opened(path);
    const line = lineWith("sum += second->y");
    const places = elf.addressesOf("described.cpp", line);
    expect(places.length).toBeGreaterThan(0);
    for (const { address, offset } of places) {
      expect(elf.lineOf(address)).toEqual({ file: source, line });
      expect(elf.lineOf(address - 1n)?.line).not.toBe(line);
      expect(elf.offsetOf(address)).toBe(offset);
    }
    expect(elf.addressesOf("bed.cpp", line)).toEqual([]);
    expect(elf.addressesOf("described.cpp", 1)).toEqual([]);
  });
});

/** The program with all its symbols: the stripped one is a copy of the optimised one. */
function optimisedOr(path: string): string {
  return path.endsWith("separate") ? optimised : path;
}

const onIntel = process.arch === "x64" ? test : test.skip;

describe("where parameters are", () => {
  onIntel("optimised code has them in the registers of the calling convention when it is entered", () => {
    const [measured] = opened(optimised).dwarfFunctions("measured");
    // DW_OP_reg5, reg4 and reg1: rdi, rsi and rdx.
    const codes = measured!.parameters.map(({ locations }) => {
      const here = locations.find(({ low, high }) => low <= measured!.address && measured!.address < high);
      return here?.operations.map(({ code }) => code);
    });
    expect(codes).toEqual([[0x55], [0x54], [0x51]]);
  });

  test("code that is not optimised has them in the frame, once it is built", () => {
    const path = programs.path("plain");
    const elf = opened(path);
    const [measured] = elf.dwarfFunctions("measured");
    const text = linesOf("readelf", "--debug-dump=info", path).join("\n");
    const listed = ["first", "second", "third"].map((name) =>
      BigInt(
        new RegExp(`DW_AT_name\\s*: (?:\\(.*\\): )?${name}\\n(?:.*\\n){1,5}?.*DW_OP_fbreg: (-?\\d+)`).exec(text)![1]!,
      ),
    );
    expect(measured!.parameters.map(({ locations }) => BigInt.asIntN(64, locations[0]!.operations[0]!.first))).toEqual(
      listed,
    );
    // DW_OP_call_frame_cfa
    expect(measured!.frameBase[0]!.operations).toEqual([{ code: 0x9c, first: 0n, second: 0n }]);
    expect(elf.lineOf(measured!.address)!.line).toBe(lineWith("long measured(int first"));
    expect(elf.lineOf(measured!.bodyAddress)!.line).toBe(lineWith("long sum = first + third"));
  });

  onIntel("the caller's stack pointer is counted from the register that the frames' table says", () => {
    const elf = opened(programs.path("plain"));
    const [measured] = elf.dwarfFunctions("measured");
    const shown = (address: bigint): readonly bigint[] => {
      const [{ code, first, second } = { code: 0, first: 0n, second: 0n }] = elf.callFrameAt(address);
      // DW_OP_bregx, or DW_OP_breg0 and the fifteen after it.
      return code === 0x92 ? [first, second] : [BigInt(code - 0x70), first];
    };
    // On entry only the return address is on the stack (rsp is register 7); later rbp (6) holds, below it the old rbp.
    expect(shown(measured!.address)).toEqual([7n, 8n]);
    expect(shown(measured!.bodyAddress)).toEqual([6n, 16n]);
    expect(elf.callFrameAt(8n)).toEqual([]);
  });
});

test("a file without debug information says so, and answers with nothing", () => {
  const elf = opened(build("bare", "-O2", "-s", "-Wl,--build-id=none"));
  expect(elf.hasDebugInformation).toBe(false);
  expect(elf.dwarfFunctions("main")).toEqual([]);
  expect(elf.dwarfVariables("direction")).toEqual([]);
  expect(elf.dwarfVariableNames()).toEqual([]);
  expect(elf.findType("int", "int")).toBeNull();
  expect(elf.typeNames("int", "")).toEqual([]);
  expect(elf.lineOf(0x1000n)).toBeNull();
  expect(elf.addressesOf("described.cpp", 10)).toEqual([]);
});

test("where libdw is missing, symbols are read all the same, and the answer about the rest says what to install", () => {
  const folder = programs.path("no_libraries");
  mkdirSync(folder);
  // The loader finds this one first, and it is no library.
  writeFileSync(`${folder}/libdw.so.1`, "nothing");
  const addon = fileURLToPath(new URL("../../../native/build/Release/tapbook.node", import.meta.url));
  const script = `
    const elf = require(${JSON.stringify(addon)}).openElf(${JSON.stringify(optimised)});
    const answer = { functions: elf.functions("measured").length, has: elf.hasDebugInformation };
    try { elf.lineOf(1n) } catch (error) { Object.assign(answer, { code: error.code, message: error.message }) }
    console.log(JSON.stringify(answer))`;
  const output = execFileSync(process.execPath, ["-e", script], {
    encoding: "utf8",
    env: { ...process.env, LD_LIBRARY_PATH: folder },
  });
  expect(JSON.parse(output)).toEqual({
    functions: 1,
    has: true,
    code: "ELIBACC",
    message: expect.stringMatching(/libdw\.so\.1.*libdw1/),
  });
});

/** Fields of every place and width, read by closures out of made-up memory, against a model that looks at one bit after another. */
import { options } from "../syntax/fixture.js";
import fc from "fast-check";
import type { ContextVariable, Target } from "../../../kernel/compiler/catalogue.js";
import { checkScript } from "../../../kernel/compiler/check/check.js";
import { NO_DEFINITIONS } from "../../../kernel/compiler/check/definitions.js";
import { compileHandler } from "../../../kernel/compiler/closures/compile.js";
import { ScriptError, type Runtime } from "../../../kernel/compiler/closures/runtime.js";
import { Diagnostics } from "../../../kernel/compiler/diagnostic.js";
import { DEFAULT_LIMITS } from "../../../kernel/compiler/limits.js";
import { parseScript } from "../../../kernel/compiler/syntax/parse.js";
import type { DataMember, TypeReference } from "../../../kernel/compiler/types/data_type.js";
import { catalogue } from "../../../kernel/session/catalogue.js";
import { target } from "../../probes/target.js";
import { bits, DescribedTypes, member } from "./described.js";

/** Where the memory of the tests begins. */
const BASE = 0xffff_8880_0000_1000n;

/** What a handler prints that has `$x`, whose type is `data`, pointing to the memory. */
function printed(statements: string, data: TypeReference, memory: Uint8Array): string {
  const variable: ContextVariable = {
    name: "$x",
    type: "long",
    summary: "",
    data,
    user: () => BigInt.asIntN(64, BASE),
  };
  const machine: Target = target({ dataTypes: () => data.types });
  const diagnostics = new Diagnostics();
  const source = { name: "test", text: `probe it { ${statements} }` };
  const { conditions } = options;
  const parsed = parseScript(source, { mode: "script", arguments: [], conditions, macros: new Map() }, diagnostics);
  const { program } = checkScript({
    script: parsed.script,
    catalogue: {
      functions: catalogue.functions,
      prelude: [],
      families: [
        {
          name: "it",
          summary: "",
          forms: [],
          example: "",
          resolve: () => ({
            kind: "resolved",
            probes: [
              {
                point: "it",
                probe: {
                  kind: "kernel",
                  attach: { kind: "tracepoint", name: "it" },
                  mechanism: "",
                  guard: null,
                  variables: new Map([["$x", variable]]),
                  isReturn: false,
                },
              },
            ],
          }),
        },
      ],
    },
    target: machine,
    session: NO_DEFINITIONS,
    options: { mode: "script", guru: false, globalValues: new Map(), keepHistograms: false },
    diagnostics,
    prelude: [],
  });
  expect(diagnostics.list.map(({ message }) => message)).toEqual([]);
  let text = "";
  const runtime = {
    limits: DEFAULT_LIMITS,
    print: (part: string) => (text += part),
    checkInterrupt: () => undefined,
    probePoint: "it",
    memory: (space: string, address: bigint, count: number) => {
      expect(space).toBe(data.types.space ?? "kernel");
      const start = Number(address - BASE);
      return start >= 0 && start + count <= memory.length ? memory.slice(start, start + count) : null;
    },
  } as unknown as Runtime;
  try {
    compileHandler(program.handlers[0]!)(runtime);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    text += `error: ${error.message}`;
  }
  return text;
}

/** The bits of a field, the lowest first, put together one by one. */
function model(memory: Uint8Array, first: number, size: number, signed: boolean): bigint {
  let value = 0n;
  for (let bit = 0; bit < size; bit++) {
    const at = first + bit;
    if ((memory[at >> 3]! >> (at & 7)) & 1) value += 1n << BigInt(bit);
  }
  const isNegative = signed && (value >> BigInt(size - 1)) & 1n;
  return isNegative ? value - (1n << BigInt(size)) : BigInt.asIntN(64, value);
}

test("bitfields of any place, width and sign", () => {
  const field = fc.record({
    first: fc.nat(120),
    size: fc.integer({ min: 1, max: 64 }),
    signed: fc.boolean(),
    memory: fc.uint8Array({ minLength: 24, maxLength: 24 }),
  });
  fc.assert(
    fc.property(field, ({ first, size, signed, memory }) => {
      const types = new DescribedTypes();
      const number = types.number("number", 8, signed);
      const struct = types.struct("s", 24, [bits("field", number, first, size)]);
      const data = { types, id: types.pointer(struct) };
      expect(printed("println($x->field)", data, memory)).toBe(`${model(memory, first, size, signed)}\n`);
    }),
    { numRuns: 300 },
  );
});

test("a bitfield at the end of memory is read without what lies behind it", () => {
  const types = new DescribedTypes();
  const number = types.number("number", 8, false);
  const struct = types.struct("s", 3, [bits("field", number, 17, 6)]);
  const memory = Uint8Array.of(0, 0, 0b0101_0110);
  expect(printed("println($x->field)", { types, id: types.pointer(struct) }, memory)).toBe("43\n");
});

test("numbers of 1, 2, 4 and 8 bytes, in structs within arrays within structs", () => {
  const place = fc.record({
    bytes: fc.constantFrom(1, 2, 4, 8),
    signed: fc.boolean(),
    outer: fc.nat(8),
    index: fc.nat(5),
    inner: fc.nat(7),
    memory: fc.uint8Array({ minLength: 128, maxLength: 128 }),
  });
  fc.assert(
    fc.property(place, ({ bytes, signed, outer, index, inner, memory }) => {
      const types = new DescribedTypes();
      const number = types.number("number", bytes, signed);
      const element = types.struct("element", 16, [member("value", number, inner)]);
      const nameless = types.struct("", 104, [member("list", types.array(element, 6), 4)]);
      const struct = types.struct("s", 120, [member("", nameless, outer)]);
      const expected = model(memory, (outer + 4 + index * 16 + inner) * 8, bytes * 8, signed);
      const data = { types, id: types.pointer(struct) };
      const script = `i = ${index}; println($x->list[${index}]->value, " ", $x->list[i]->value)`;
      expect(printed(script, data, memory)).toBe(`${expected} ${expected}\n`);
    }),
    { numRuns: 200 },
  );
});

describe("one struct of everything", () => {
  const types = new DescribedTypes();
  const char = types.number("char", 1, true);
  const int = types.number("int", 4, true);
  const color = types.add("enum", {
    name: "color",
    size: 4,
    enumerators: [
      { name: "RED", value: 0n },
      { name: "BLUE", value: 7n },
    ],
  });
  const all = types.struct("all", 64, []);
  const members: DataMember[] = [
    member("number", int, 0),
    bits("flag", types.number("bool", 1, false), 32, 1),
    bits("level", int, 33, 3),
    member("color", color, 8),
    member("text", types.array(char, 4), 12),
    member("self", types.pointer(all), 16),
    member("title", types.pointer(char), 24),
    member("pair", types.struct("pair", 8, [member("a", int, 0), member("b", int, 4)]), 32),
    member("list", types.array(int, 3), 40),
    member("real", types.add("float", { name: "double", size: 8 }), 56),
    member("rest", types.array(int, 0), 64),
  ];
  types.complete(all, members);
  const data = { types, id: types.pointer(all) };
  const memory = new Uint8Array(88);
  const view = new DataView(memory.buffer);
  view.setInt32(0, -5, true);
  memory[4] = 0b1011;
  view.setUint32(8, 7, true);
  memory.set(Buffer.from("four"), 12);
  view.setBigUint64(16, BASE, true);
  view.setBigUint64(24, BASE + 80n, true);
  view.setInt32(32, 1, true);
  view.setInt32(36, -2, true);
  [10, 20, 30].forEach((value, index) => view.setInt32(40 + index * 4, value, true));
  view.setInt32(64, 99, true);
  memory.set(Buffer.from("name\0"), 80);

  const address = BASE.toString(16);
  const head = `{.number=-5, .flag=1, .level=-3, .color=7, .text="four", .self=0x${address}, .title="name"`;

  test.each<[string, string]>([
    ["$x->number", "-5"],
    ["$x->flag", "1"],
    // 101 of three bits with a sign.
    ["$x->level", "-3"],
    ["$x->color", "7"],
    ["@enumname($x->color)", "BLUE"],
    ["$x->self->self->pair->b", "-2"],
    ["$x->pair->a", "1"],
    ["$x->text[3]", String("r".charCodeAt(0))],
    ["$x->text == &$x->text[0]", "1"],
    ["$x->pair - $x", "32"],
    ["&$x->list[2] - &$x->list", "8"],
    ["$x->list[$x->pair->a]", "20"],
    // Arrays that end a struct have as many elements as the kernel put there.
    ["$x->rest[0]", "99"],
    ["$x[0]->number", "-5"],
    ['@cast($x, "pair")->b', "11"],
    ["(&$x->pair)->b", "-2"],
    ["$x->text$", '"four"'],
    ["$x->title$", '"name"'],
    ["$x->list$", "[10, 20, 30]"],
    ["$x->pair$", "{.a=1, .b=-2}"],
    ["$x->number$", "-5"],
    ["$x$", `${head}, .pair={...}, .list=[...], .real=?, .rest=[...]}`],
    ["$x$$", `${head}, .pair={.a=1, .b=-2}, .list=[10, 20, 30], .real=?, .rest=[]}`],
    ['@cast(8, "pair")$', "ERROR"],
  ])("%s is %s", (expression, expected) => {
    expect(printed(`println(${expression})`, data, memory)).toBe(`${expected}\n`);
  });

  test("a text that cannot be read is shown as its address", () => {
    const lost = Uint8Array.from(memory);
    new DataView(lost.buffer).setBigUint64(24, 0x10n, true);
    expect(printed("println($x->title$)", data, lost)).toBe("0x10\n");
  });

  test("types may describe the memory of a process", () => {
    const ofProcess = new DescribedTypes("user");
    const number = ofProcess.number("int", 4, true);
    const text = ofProcess.array(ofProcess.number("char", 1, true), 4);
    const struct = ofProcess.struct("s", 16, [member("number", number, 0), member("text", text, 12)]);
    const pointer = { types: ofProcess, id: ofProcess.pointer(struct) };
    expect(printed("println($x->number, (&$x->number)[0], $x$)", pointer, memory)).toBe(
      '-5-5{.number=-5, .text="four"}\n',
    );
    expect(printed("println($x[1000]->number)", pointer, memory)).toMatch(/^error: user read fault at 0x/);
  });

  test("what cannot be read is an error that says where", () => {
    const lost = Uint8Array.from(memory);
    new DataView(lost.buffer).setBigUint64(16, 0x10n, true);
    expect(printed("println($x->self->pair->b)", data, lost)).toBe("error: kernel read fault at 0x34");
  });
});

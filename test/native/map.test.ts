import { loadNative, type NativeMap, type NativeMapType } from "../../kernel/tracing/native.js";
import { assemble, exit, set, R } from "./instructions.js";
import { u32, u64, words } from "./programs.js";

const native = loadNative();
const cpus = native.possibleCpus();
const open: NativeMap[] = [];

function create(type: NativeMapType, maxEntries: number, more: object = {}): NativeMap {
  const map = native.createMap({ name: "test", type, keySize: 4, valueSize: 8, maxEntries, ...more });
  open.push(map);
  return map;
}

afterEach(() => {
  for (const map of open.splice(0)) map.close();
});

/** What a per-CPU map holds for a value on every CPU. */
function onEachCpu(value: bigint): Uint8Array {
  return u64(...Array.from({ length: cpus }, () => value));
}

function asObject(entries: {
  count: number;
  keys: Uint8Array;
  values: Uint8Array;
  valueStride: number;
}): Map<number, bigint> {
  const keys = new Uint32Array(entries.keys.slice().buffer);
  expect(keys).toHaveLength(entries.count);
  expect(entries.values).toHaveLength(entries.count * entries.valueStride);
  const values = new DataView(entries.values.buffer, entries.values.byteOffset);
  const pairs = [...keys].map((key, index) => [key, values.getBigUint64(index * entries.valueStride, true)] as const);
  return new Map(pairs);
}

describe("hash maps", () => {
  const kinds: readonly (readonly [NativeMapType, object])[] = [
    ["hash", {}],
    ["hash", { noPreallocate: true }],
    ["lru_hash", {}],
    ["percpu_hash", {}],
    ["percpu_hash", { noPreallocate: true }],
  ];
  describe.each(kinds)("%s %j", (type, more) => {
    const value = (number: bigint): Uint8Array => (type === "percpu_hash" ? onEachCpu(number) : u64(number));

    test("look up, update and delete", () => {
      const map = create(type, 100, more);
      expect(map.lookup(u32(7))).toBeNull();
      expect(map.update(u32(7), value(1n), "exist")).toBe(false);
      expect(map.update(u32(7), value(1n), "noexist")).toBe(true);
      expect(map.update(u32(7), value(2n), "noexist")).toBe(false);
      expect(map.lookup(u32(7))).toEqual(value(1n));
      expect(map.update(u32(7), value(3n), "exist")).toBe(true);
      expect(map.lookup(u32(7))).toEqual(value(3n));
      expect(map.delete(u32(7))).toBe(true);
      expect(map.delete(u32(7))).toBe(false);
      expect(map.lookup(u32(7))).toBeNull();
    });

    test("read, take and clear 10,000 entries", () => {
      // An LRU map keeps spare entries: it may drop some before it is full.
      const map = create(type, type === "lru_hash" ? 40_000 : 10_000, more);
      const expected = new Map<number, bigint>();
      for (let key = 0; key < 10_000; key++) {
        map.update(u32(key), value(BigInt(key) * 3n), "any");
        expected.set(key, BigInt(key) * 3n);
      }
      const stride = type === "percpu_hash" ? 8 * cpus : 8;
      const read = map.entries();
      expect(read.valueStride).toBe(stride);
      expect(asObject(read)).toEqual(expected);
      expect(asObject(map.takeEntries())).toEqual(expected);
      expect(map.entries().count).toBe(0);
      expect(map.takeEntries().count).toBe(0);

      for (let key = 0; key < 5000; key++) map.update(u32(key), value(1n), "any");
      map.clear();
      expect(map.entries().count).toBe(0);
    });
  });

  test("one is full", () => {
    const map = create("hash", 2);
    map.update(u32(1), u64(1n), "any");
    map.update(u32(2), u64(1n), "any");
    expect(() => map.update(u32(3), u64(1n), "any")).toThrow(
      expect.objectContaining({ name: "EngineError", code: "E2BIG", errno: 7 }) as Error,
    );
  });

  test("keys and values of odd sizes", () => {
    const map = create("hash", 10, { keySize: 37, valueSize: 5 });
    const key = Uint8Array.from({ length: 37 }, (_, index) => index);
    map.update(key, Uint8Array.of(1, 2, 3, 4, 5), "any");
    expect(map.entries()).toEqual({ count: 1, keys: key, values: Uint8Array.of(1, 2, 3, 4, 5), valueStride: 5 });
  });

  test("a per-CPU value of odd size takes a multiple of 8 on each CPU", () => {
    const map = create("percpu_hash", 10, { valueSize: 5 });
    const value = new Uint8Array(8 * cpus).fill(9, 0, 5);
    map.update(u32(1), value, "any");
    expect(map.lookup(u32(1))).toEqual(value);
  });
});

describe("arrays", () => {
  test.each(["array", "percpu_array"] as const)("%s", (type) => {
    const value = (number: bigint): Uint8Array => (type === "percpu_array" ? onEachCpu(number) : u64(number));
    const map = create(type, 10_000);
    expect(map.lookup(u32(9999))).toEqual(value(0n));
    expect(map.lookup(u32(10_000))).toBeNull();
    expect(map.update(u32(5), value(1n), "noexist")).toBe(false);
    for (let index = 0; index < 10_000; index++) map.update(u32(index), value(BigInt(index)), "any");
    const read = map.entries();
    expect(read.valueStride).toBe(type === "percpu_array" ? 8 * cpus : 8);
    expect(asObject(read)).toEqual(new Map(Array.from({ length: 10_000 }, (_, index) => [index, BigInt(index)])));
    map.clear();
    expect(map.entries().values.every((byte) => byte === 0)).toBe(true);
    expect(map.entries().count).toBe(10_000);
    expect(() => map.delete(u32(1))).toThrow("EINVAL");
    expect(() => map.takeEntries()).toThrow("cannot take the entries of map");
  });

  test("words of a shared array", () => {
    const map = create("array", 2, { mmapable: true });
    map.update(u32(1), u64(0xffff_ffff_ffff_fffen), "any");
    expect(map.readWord(8)).toBe(-2n);
    expect(map.fetchAdd(8, 5n)).toBe(-2n);
    expect(map.readWord(8)).toBe(3n);
    map.writeWord(0, 0x8000_0000_0000_0000n);
    expect(words(map.lookup(u32(0)) as Uint8Array)).toEqual([0x8000_0000_0000_0000n]);
    map.writeWord(0, -1n);
    expect(words(map.lookup(u32(0)) as Uint8Array)).toEqual([0xffff_ffff_ffff_ffffn]);
    expect(() => map.readWord(16)).toThrow("readWord: offset must be a whole number from 0 to 8");
    expect(() => map.readWord(4)).toThrow("readWord: offset must be a multiple of 8");
    expect(() => map.writeWord(0, 1n << 64n)).toThrow("writeWord: value must fit in 64 bits");
  });

  test("a frozen map can be read, not written", () => {
    const map = create("array", 1, { mmapable: true });
    map.writeWord(0, 77n);
    map.freeze();
    expect(words(map.lookup(u32(0)) as Uint8Array)).toEqual([77n]);
    expect(map.readWord(0)).toBe(77n);
    expect(() => map.update(u32(0), u64(1n), "any")).toThrow("EPERM");
    expect(() => map.writeWord(0, 1n)).toThrow("EPERM");
    expect(map.readWord(0)).toBe(77n);
  });
});

test("a stack-trace map starts empty", () => {
  const map = create("stack_trace", 16, { valueSize: 8 * 127 });
  expect(map.entries().count).toBe(0);
  map.clear();
});

test("a map has the name and id that bpftool shows", async () => {
  const { execFileSync } = await import("node:child_process");
  const map = native.createMap({ name: "a name, far too long", type: "hash", keySize: 4, valueSize: 8, maxEntries: 1 });
  open.push(map);
  const shown = JSON.parse(
    execFileSync("bpftool", ["map", "show", "id", String(map.id), "-j"], { encoding: "utf8" }),
  ) as object;
  expect(shown).toMatchObject({ id: map.id, name: "a_name__far_too", type: "hash", bytes_key: 4, bytes_value: 8 });
  expect(map.name).toBe("a name, far too long");
});

test("a map that the kernel does not want", () => {
  expect(() => create("ringbuf", 100, { keySize: 0, valueSize: 0 })).toThrow(
    'cannot create map "test": EINVAL (Invalid argument)',
  );
});

describe("wrong arguments are TypeErrors that say what is expected", () => {
  const map = native.createMap({ name: "test", type: "hash", keySize: 4, valueSize: 8, maxEntries: 1 });
  afterAll(() => map.close());
  const loose = native as unknown as Record<string, (...values: unknown[]) => unknown>;
  const looseMap = map as unknown as Record<string, (...values: unknown[]) => unknown>;
  const good = { name: "x", type: "hash", keySize: 4, valueSize: 8, maxEntries: 1 };
  const program = {
    name: "x",
    type: "raw_tracepoint",
    instructions: assemble(set(R.zero, 0), exit()),
    relocations: [],
  };
  const cases: readonly (readonly [string, () => unknown])[] = [
    ["createMap: options must be an object", () => loose["createMap"]?.()],
    ["createMap: options.name must be a string", () => loose["createMap"]?.({})],
    [
      'createMap: options.type must be one of "hash", "percpu_hash"',
      () => loose["createMap"]?.({ ...good, type: "tree" }),
    ],
    [
      "createMap: options.keySize must be a whole number from 0 to 4294967295",
      () => loose["createMap"]?.({ ...good, keySize: -1 }),
    ],
    ["createMap: options.valueSize must be a whole number", () => loose["createMap"]?.({ ...good, valueSize: 1.5 })],
    ["createMap: options.maxEntries must be a whole number", () => loose["createMap"]?.({ ...good, maxEntries: "7" })],
    ["createMap: options.mmapable must be true or false", () => loose["createMap"]?.({ ...good, mmapable: 1 })],
    ["lookup: key must be a Uint8Array", () => looseMap["lookup"]?.("abcd")],
    ["lookup: key must have 4 bytes, not 3", () => map.lookup(new Uint8Array(3))],
    ["update: value must have 8 bytes, not 4", () => map.update(u32(1), new Uint8Array(4), "any")],
    ['update: mode must be one of "any", "noexist", "exist"', () => looseMap["update"]?.(u32(1), u64(1n), "all")],
    ["delete: key must have 4 bytes, not 5", () => map.delete(new Uint8Array(5))],
    ['readWord: map "test" is not mmapable', () => map.readWord(0)],
    ["openRingBuffer: map must be a NativeMap", () => loose["openRingBuffer"]?.({}, () => undefined)],
    ['openRingBuffer: map must be a map of type "ringbuf"', () => native.openRingBuffer(map, () => undefined)],
    [
      "loadProgram: options.instructions must have a multiple of 8 bytes",
      () => loose["loadProgram"]?.({ ...program, instructions: new Uint8Array(7) }),
    ],
    ["loadProgram: options.relocations must be an array", () => loose["loadProgram"]?.({ ...program, relocations: 1 })],
    [
      "loadProgram: options.relocations[0].instruction must be a whole number from 0 to 0",
      () => loose["loadProgram"]?.({ ...program, relocations: [{ instruction: 1, map, kind: "map" }] }),
    ],
    [
      "loadProgram: options.relocations[0].instruction must be the index of an lddw",
      () => loose["loadProgram"]?.({ ...program, relocations: [{ instruction: 0, map, kind: "map" }] }),
    ],
    ["loadProgram: options.attachTo must be a string", () => loose["loadProgram"]?.({ ...program, type: "tp_btf" })],
    ["objects of this class come from the engine's functions only", () => Reflect.construct(map.constructor, [good])],
  ];
  test.each(cases)("%s", (message, attempt) => {
    const before = native.openHandles();
    expect(attempt).toThrow(
      expect.objectContaining({ name: "TypeError", message: expect.stringContaining(message) as string }) as Error,
    );
    expect(native.openHandles()).toBe(before);
  });
});

test("a closed map says so, and may be closed again", () => {
  const before = native.openHandles();
  const map = create("hash", 1);
  expect(native.openHandles()).toBe(before + 1);
  map.close();
  map.close();
  expect(native.openHandles()).toBe(before);
  expect(() => map.lookup(u32(1))).toThrow('cannot use map "test", which is closed: EBADF (Bad file descriptor)');
});

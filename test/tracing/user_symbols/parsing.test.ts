/** The two text files that name a process' addresses. */
import { parseMappings, rangeAt } from "../../../kernel/tracing/user_symbols/mappings.js";
import { parsePerfMap } from "../../../kernel/tracing/user_symbols/perf_map.js";

describe("mappings", () => {
  const mappings = parseMappings(
    [
      "55d0c0a00000-55d0c0a01000 r--p 00000000 fe:01 1234                       /usr/bin/a b",
      "55d0c0a01000-55d0c0a02000 r-xp 00001000 fe:01 1234                       /usr/bin/a b",
      "7f0000000000-7f0000021000 rw-p 00000000 00:00 0 ",
      "7f1000000000-7f1000001000 r-xs 00010000 00:01 99                         /memfd:jit (deleted)",
      "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]",
      "",
    ].join("\n"),
  );

  test("each line", () => {
    expect(mappings).toHaveLength(5);
    expect(mappings[1]).toEqual({
      start: 0x55d0c0a01000n,
      end: 0x55d0c0a02000n,
      executable: true,
      offset: 0x1000n,
      device: "fe:01",
      inode: 1234n,
      path: "/usr/bin/a b",
      isDeleted: false,
    });
    expect(mappings[0]!.executable).toBe(false);
    expect(mappings[2]!.path).toBe("");
    expect(mappings[3]).toMatchObject({ path: "/memfd:jit", isDeleted: true });
    expect(mappings[4]).toMatchObject({ path: "[vsyscall]", end: 0xffffffffff601000n });
  });

  test.each([
    [0x55d0c0a01000n, 1],
    [0x55d0c0a01fffn, 1],
    [0x55d0c0a02000n, -1],
    [0n, -1],
    [0x7f0000000001n, 2],
    [0xffffffffff600000n, 4],
    [0xffffffffffffffffn, -1],
  ])("%s lies in line %s", (address, line) => {
    expect(rangeAt(mappings, address)).toBe(mappings[line] ?? null);
  });
});

describe("maps of code made at run time", () => {
  const shown = (text: string): readonly string[] =>
    parsePerfMap(text).map(({ start, end, name }) => `${start.toString(16)}-${end.toString(16)} ${name}`);

  test("names with blanks, prefixes, any order", () => {
    expect(shown("2000 10 LazyCompile:~later file.js:3\n0x1000 0x20 first\nnonsense\n3000 0 empty\n")).toEqual([
      "1000-1020 first",
      "2000-2010 LazyCompile:~later file.js:3",
    ]);
  });

  test("what is written later replaces what it overlaps", () => {
    expect(shown("1000 100 old\n1000 80 new\n")).toEqual(["1000-1080 new"]);
    expect(shown("1000 100 old\n1080 100 new\n")).toEqual(["1080-1180 new"]);
    expect(shown("1080 100 old\n1000 100 new\n")).toEqual(["1000-1100 new"]);
    expect(shown("1000 10 a\n1010 10 b\n1020 10 c\n1008 10 new\n")).toEqual(["1008-1018 new", "1020-1030 c"]);
  });
});

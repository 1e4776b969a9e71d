/** ELF files as the engine reads them, against what binutils say of the same files. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { loadNative, type NativeElf } from "../../../kernel/tracing/native.js";
import { TestPrograms, linesOf } from "./programs.js";

const native = loadNative();
const programs = new TestPrograms();
const pie = programs.program("pie", ["-O2", "-g", "-pie", "-fPIE"]);
const fixed = programs.program("fixed", ["-O1", "-no-pie"]);
const protectedPlt = programs.program("protected", ["-O2", "-fcf-protection", "-Wl,-z,ibtplt", "-Wl,-z,now"]);
const libc = linesOf("ldd", pie)
  .map((line) => /libc\.so\.6 => (?<path>\S+)/.exec(line)?.groups!["path"])
  .find((path) => path !== undefined)!;

afterAll(() => programs.remove());

function reading<T>(path: string, look: (elf: NativeElf) => T): T {
  const elf = native.openElf(path);
  try {
    return look(elf);
  } finally {
    elf.close();
  }
}

interface Listed {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
  readonly binding: string;
}

const byPlace = (one: Listed, other: Listed): number =>
  one.address === other.address ? one.name.localeCompare(other.name) : one.address < other.address ? -1 : 1;

/** Functions by readelf, each once. */
function listedFunctions(path: string): readonly Listed[] {
  const listed = new Map<string, Listed>();
  for (const line of linesOf("readelf", "-sW", path)) {
    const [, address, size, type, binding, , section, name] = line.trim().split(/\s+/);
    if ((type !== "FUNC" && type !== "IFUNC") || section === "UND" || name === undefined) continue;
    const entry = {
      name: name.replace(/@.*/, ""),
      address: BigInt(`0x${address}`),
      size: BigInt(size!),
      binding: binding!.toLowerCase(),
    };
    listed.set(`${entry.name} ${entry.address}`, entry);
  }
  return [...listed.values()].toSorted(byPlace);
}

const ours = (elf: NativeElf): readonly Listed[] =>
  elf
    .functions()
    .map(({ name, address, size, binding }) => ({ name, address, size, binding: binding as string }))
    .toSorted(byPlace);

test.each([
  ["a program that lies anywhere", pie, true],
  ["a program with a fixed place", fixed, false],
  ["a shared library", programs.library, true],
  ["the C library", libc, true],
])("%s: kind, build id and functions are what readelf says", (_, path, isPositionIndependent) => {
  reading(path, (elf) => {
    expect(elf.isPositionIndependent).toBe(isPositionIndependent);
    expect(elf.machine).toBe(process.arch === "arm64" ? "aarch64" : "x86_64");
    const buildId = /Build ID: (?<id>[0-9a-f]+)/.exec(linesOf("readelf", "-n", path).join("\n"));
    expect(elf.buildId).toBe(buildId?.groups!["id"]);
    const listed = listedFunctions(path);
    expect(listed.length).toBeGreaterThan(5);
    // A library of the distribution may have a debug file with more.
    const found = new Set(ours(elf).map((entry) => Object.values(entry).join(" ")));
    expect(listed.filter((entry) => !found.has(Object.values(entry).join(" ")))).toEqual([]);
    if (path !== libc) expect(found.size).toBe(listed.length);
  });
});

test("a pattern picks functions", () => {
  reading(pie, (elf) => {
    const names = (pattern: string): readonly string[] => elf.functions(pattern).map(({ name }) => name);
    expect(names("add_numbers")).toEqual(["add_numbers"]);
    expect([...names("*_step")].toSorted()).toEqual(["inner_step", "weak_step"]);
    expect(names("[ai]*_?umbers")).toEqual(["add_numbers"]);
    expect(names("printf")).toEqual([]);
  });
});

test("offsets in the file are where the code is", () => {
  for (const path of [pie, fixed, programs.library]) {
    const file = readFileSync(path);
    reading(path, (elf) => {
      const [text] = linesOf("objdump", "-d", "--no-show-raw-insn", "-j", ".text", path).flatMap((line) => {
        const match = /^(?<address>[0-9a-f]+) <(?<name>add_numbers|library_answer)>:/.exec(line);
        return match ? [{ address: BigInt(`0x${match.groups!["address"]}`), name: match.groups!["name"]! }] : [];
      });
      const bytes = linesOf("objdump", "-d", `--disassemble=${text!.name}`, path)
        .map((line) => /^\s+[0-9a-f]+:\t(?<bytes>(?:[0-9a-f]{2} )+)/.exec(line)?.groups!["bytes"]!.replaceAll(" ", ""))
        .filter((part) => part !== undefined)
        .join("");
      const [found] = elf.functions(text!.name);
      expect(found!.address).toBe(text!.address);
      expect(elf.offsetOf(found!.address)).toBe(found!.offset);
      const offset = Number(found!.offset);
      expect(file.subarray(offset, offset + bytes.length / 2).toString("hex")).toBe(bytes);
      expect(elf.offsetOf(0x7fff_0000_0000n)).toBeNull();
    });
  }
});

describe("the symbol at an address", () => {
  test("is the function or variable it lies in, with the distance from its start", () => {
    reading(pie, (elf) => {
      const [add] = elf.functions("add_numbers");
      expect(elf.symbolAt(add!.address)).toEqual({ name: "add_numbers", offset: 0n, size: add!.size });
      expect(elf.symbolAt(add!.address + 3n)).toEqual({ name: "add_numbers", offset: 3n, size: add!.size });
      const variable = linesOf("nm", pie).find((line) => line.endsWith(" shared_counter"))!;
      const address = BigInt(`0x${variable.split(" ")[0]}`);
      expect(elf.addressOf("shared_counter")).toBe(address);
      expect(elf.addressOf("add_numbers")).toBe(add!.address);
      expect(elf.addressOf("nobody")).toBeNull();
      expect(elf.symbolAt(address + 1n)).toEqual({ name: "shared_counter", offset: 1n, size: 4n });
      expect(elf.symbolAt(0n)).toBeNull();
      expect(elf.symbolAt(0xffff_ffff_ffff_ffffn)).toBeNull();
    });
  });

  test("of the C library's functions is one of the names that nm has for that place", () => {
    const names = new Map<bigint, Set<string>>();
    for (const line of linesOf("nm", "-D", "--defined-only", libc)) {
      const [address, type, name] = line.split(" ");
      if (!/[TtWwi]/.test(type!)) continue;
      const place = BigInt(`0x${address}`);
      names.set(place, (names.get(place) ?? new Set()).add(name!.replace(/@.*/, "")));
    }
    expect(names.size).toBeGreaterThan(1000);
    reading(libc, (elf) => {
      for (const [address, expected] of names) expect(expected).toContain(elf.symbolAt(address)?.name);
      const [write] = elf.functions("write");
      // It has other names too; this is the one of the manual.
      expect(elf.symbolAt(write!.address)?.name).toBe("write");
    });
  });
});

describe("a stripped program", () => {
  const stripped = programs.path("stripped");
  copyFileSync(pie, stripped);
  execFileSync("strip", [stripped]);
  const linked = programs.path("linked");
  mkdirSync(programs.path(".debug"));
  execFileSync("objcopy", ["--only-keep-debug", pie, programs.path(".debug/pie.debug")]);
  execFileSync("objcopy", ["--strip-all", `--add-gnu-debuglink=${programs.path(".debug/pie.debug")}`, pie, linked]);

  test("has the names that the loader needs, and no others", () => {
    reading(stripped, (elf) => {
      expect(elf.functions("inner_step")).toEqual([]);
      expect(elf.functions("main")).toEqual([]);
    });
    reading(programs.library, (elf) => expect(elf.functions("*hiddenHalf*")).toHaveLength(1));
  });

  test("with a link to its debug file has the debug file's names", () => {
    reading(linked, (elf) => {
      const expected = listedFunctions(pie);
      expect(ours(elf).filter(({ name }) => /step|numbers|main/.test(name))).toEqual(
        expected.filter(({ name }) => /step|numbers|main/.test(name)),
      );
      reading(pie, (whole) => expect(elf.functions("inner_step")).toEqual(whole.functions("inner_step")));
    });
  });

  test("with symbols of its own, compressed, has those names", () => {
    const small = programs.path("small");
    execFileSync("objcopy", ["--only-keep-debug", pie, small]);
    execFileSync("strip", ["--strip-debug", small]);
    const code =
      "import lzma, sys; open(sys.argv[1] + '.xz', 'wb').write(lzma.compress(open(sys.argv[1], 'rb').read()))";
    execFileSync("python3", ["-c", code, small]);
    const embedded = programs.path("embedded");
    execFileSync("objcopy", ["--strip-all", "--add-section", `.gnu_debugdata=${small}.xz`, pie, embedded]);
    reading(embedded, (elf) => {
      expect(ours(elf)).toEqual(listedFunctions(pie));
      reading(pie, (whole) => expect(elf.functions("inner_step")).toEqual(whole.functions("inner_step")));
    });
    const damaged = programs.path("damaged_inside");
    writeFileSync(`${small}.bad`, readFileSync(`${small}.xz`).subarray(0, 500));
    execFileSync("objcopy", ["--strip-all", "--add-section", `.gnu_debugdata=${small}.bad`, pie, damaged]);
    reading(damaged, (elf) => expect(elf.functions("inner_step")).toEqual([]));
  });

  test("does not believe a debug file of another build", () => {
    const other = programs.program("other", ["-O0", "-pie", "-fPIE"]);
    execFileSync("objcopy", ["--only-keep-debug", other, programs.path("wrong.debug")]);
    const misled = programs.path("misled");
    execFileSync("objcopy", ["--strip-all", `--add-gnu-debuglink=${programs.path("wrong.debug")}`, pie, misled]);
    reading(misled, (elf) => expect(elf.functions("inner_step")).toEqual([]));
  });
});

test.each([
  ["lazy entries", fixed],
  ["entries with branch targets", protectedPlt],
  ["a library's", programs.library],
])("the procedure linkage table: %s are where objdump sees them", (_, path) => {
  const listed = linesOf("objdump", "-d", path).flatMap((line) => {
    const match = /^(?<address>[0-9a-f]+) <(?<name>[^@>]+)@plt>:/.exec(line);
    return match ? [`${match.groups!["name"]} ${BigInt(`0x${match.groups!["address"]}`)}`] : [];
  });
  expect(listed.length).toBeGreaterThan(1);
  reading(path, (elf) => {
    const found = elf.pltEntries();
    expect(found.map(({ name, address }) => `${name} ${address}`).toSorted()).toEqual([...listed].toSorted());
    for (const { address, offset } of found) expect(elf.offsetOf(address)).toBe(offset);
  });
});

describe("static probes (USDT)", () => {
  /** As readelf lists them. */
  function listedProbes(path: string): readonly string[] {
    const text = linesOf("readelf", "-nW", path).join("\n");
    const pattern =
      /Provider: (.*)\n\s+Name: (.*)\n\s+Location: 0x(\w+), Base: 0x\w+, Semaphore: 0x(\w+)\n\s+Arguments: ?(.*)/g;
    return Array.from(text.matchAll(pattern), ([, provider, name, location, semaphore, words]) =>
      [provider, name, BigInt(`0x${location}`), BigInt(`0x${semaphore}`), words!.trim()].join("|"),
    );
  }

  test.each([
    ["a program", pie, 2],
    ["a library", programs.library, 1],
    ["Python, as the distribution built it", "/usr/bin/python3", 5],
  ])("%s", (_, path, least) => {
    const listed = listedProbes(path);
    expect(listed.length).toBeGreaterThanOrEqual(least);
    reading(path, (elf) => {
      const found = elf.probes();
      expect(
        found.map((probe) =>
          [probe.provider, probe.name, probe.address, probe.semaphoreAddress, probe.arguments].join("|"),
        ),
      ).toEqual(listed);
      for (const { address, offset } of found) expect(elf.offsetOf(address)).toBe(offset);
    });
  });

  test("a semaphore's place in the file holds its first value", () => {
    reading(pie, (elf) => {
      const added = elf.probes().find(({ name }) => name === "added")!;
      const counter = linesOf("nm", pie).find((line) => line.endsWith(" tapbook_added_semaphore"))!;
      expect(added.semaphoreAddress).toBe(BigInt(`0x${counter.split(" ")[0]}`));
      expect(readFileSync(pie).readUInt16LE(Number(added.semaphoreOffset))).toBe(0);
    });
    reading(programs.library, (elf) =>
      expect(elf.probes()[0]).toMatchObject({ name: "answered", semaphoreOffset: 0n }),
    );
  });

  test("where prelinking moved the sections, the probes moved along", () => {
    const file = readFileSync(pie);
    const moved = programs.path("moved");
    let before: readonly bigint[] = [];
    reading(pie, (elf) => (before = elf.probes().map(({ address }) => address)));
    const [base] = /(?<=Base: 0x)\w+/.exec(linesOf("readelf", "-nW", pie).join("\n"))!;
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(`0x${base}`));
    // The note's second word says where the base lay when it was written.
    for (const address of before) {
      const word = Buffer.alloc(8);
      word.writeBigUInt64LE(address);
      const place = file.indexOf(Buffer.concat([word, bytes]));
      expect(place).toBeGreaterThan(0);
      file.writeBigUInt64LE(BigInt(`0x${base}`) - 0x10n, place + 8);
    }
    writeFileSync(moved, file);
    reading(moved, (elf) => expect(elf.probes().map(({ address }) => address - 0x10n)).toEqual(before));
  });
});

describe("what is no ELF file", () => {
  const text = programs.path("text");
  writeFileSync(text, "#!/bin/sh\n");
  const short = programs.path("short");
  writeFileSync(short, readFileSync(pie).subarray(0, 200));
  const narrow = programs.path("narrow");
  const bytes = readFileSync(pie);
  bytes[4] = 1;
  writeFileSync(narrow, bytes);

  test.each([
    ["is not there", programs.path("nothing"), "ENOENT", /nothing/],
    ["is a script", text, "ENOEXEC", /no ELF file/],
    ["is cut short", short, "ENOEXEC", /ends before/],
    ["is a 32-bit program", narrow, "ENOEXEC", /32-bit/],
    ["is a folder", programs.folder, "EISDIR", /read/],
    ["is a device", "/dev/null", "ENOEXEC", /null/],
  ])("%s", (_, path, code, operation) => {
    expect(() => native.openElf(path)).toThrow(
      expect.objectContaining({ name: "EngineError", code, operation: expect.stringMatching(operation) }),
    );
  });

  test("damaged tables give fewer answers, never a crash", () => {
    const whole = readFileSync(pie);
    const damaged = programs.path("damaged");
    // Every byte of the headers of sections, in turn: sizes, offsets, links.
    const start = Number(whole.readBigUInt64LE(0x28));
    for (let place = start; place < whole.length; place += 7) {
      const copy = Buffer.from(whole);
      copy[place] = copy[place]! ^ 0xff;
      writeFileSync(damaged, copy);
      try {
        reading(damaged, (elf) => {
          elf.functions();
          elf.symbolAt(0x1200n);
          elf.pltEntries();
          elf.probes();
        });
      } catch (error) {
        expect(error).toMatchObject({ name: "EngineError", code: "ENOEXEC" });
      }
    }
  });
});

test("a closed file answers EBADF, and no handle stays open", () => {
  const before = native.openHandles();
  const elf = native.openElf(pie);
  expect(native.openHandles()).toBe(before + 1);
  elf.close();
  elf.close();
  expect(native.openHandles()).toBe(before);
  expect(() => elf.functions()).toThrow(expect.objectContaining({ code: "EBADF" }));
});

test("the code that the kernel maps into every process is read", () => {
  const vdso = native.openVdso();
  const names = vdso?.functions().map(({ name }) => name);
  vdso?.close();
  expect(names).toContain(process.arch === "arm64" ? "__kernel_clock_gettime" : "__vdso_clock_gettime");
});

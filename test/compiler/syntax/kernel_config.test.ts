/** `%( CONFIG_… %?` on this machine's kernel and on files made for it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { kernelConfig } from "../../../kernel/tracing/machine/kernel_config.js";

const TEXT = `#
# Automatically generated file
#
CONFIG_BPF=y
CONFIG_EXT4_FS=m
CONFIG_HZ=250
CONFIG_LSM="lockdown,bpf"
# CONFIG_KPROBES is not set
`;

describe("a configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), "kernel-config-"));
  const [plain, packed, damaged] = ["config-1", "config.gz", "damaged.gz"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(plain, TEXT);
  writeFileSync(packed, gzipSync(TEXT.replace("250", "1000")));
  writeFileSync(damaged, "no archive");
  afterAll(() => rmSync(folder, { recursive: true }));

  test("gives the options that are set, as they are written", () => {
    const config = kernelConfig([plain]);
    const names = ["BPF", "EXT4_FS", "HZ", "LSM", "KPROBES", "H"];
    expect(names.map((name) => config(`CONFIG_${name}`))).toEqual([
      "y",
      "m",
      "250",
      '"lockdown,bpf"',
      undefined,
      undefined,
    ]);
  });

  test("is the first that can be read", () => {
    expect(kernelConfig([join(folder, "missing"), packed, plain])("CONFIG_HZ")).toBe("1000");
    expect(kernelConfig([damaged, plain])("CONFIG_HZ")).toBe("250");
    expect(kernelConfig([])("CONFIG_HZ")).toBeUndefined();
  });

  test("is read when it is asked, and once", () => {
    const later = join(folder, "later");
    const config = kernelConfig([later]);
    writeFileSync(later, "CONFIG_HZ=100\n");
    expect(config("CONFIG_HZ")).toBe("100");
    writeFileSync(later, "CONFIG_HZ=300\n");
    expect(config("CONFIG_HZ")).toBe("100");
  });
});

const OWN = "/proc/config.gz";

(existsSync(OWN) ? test : test.skip)("this kernel's own is what zcat shows", () => {
  const config = kernelConfig();
  const lines = execFileSync("zcat", [OWN], { encoding: "utf8", maxBuffer: 1 << 24 }).split("\n");
  const set = lines
    .filter((line) => line.startsWith("CONFIG_"))
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
  expect(set.length).toBeGreaterThan(500);
  for (const [name, value] of set) expect([name, config(name)]).toEqual([name, value]);
});

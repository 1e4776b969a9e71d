import { existsSync, readFileSync } from "node:fs";
import { systemCallTable } from "../../kernel/probes/system_call/table.js";

const HEADER = ["/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"].find((path) =>
  existsSync(path),
);

// From the kernel's arch/x86/entry/syscalls/syscall_64.tbl and, for arm64, include/uapi/asm-generic/unistd.h.
test.each([
  ["x86_64", "read", 0, "__x64_sys_read"],
  ["x86_64", "write", 1, "__x64_sys_write"],
  ["x86_64", "stat", 4, "__x64_sys_newstat"],
  ["x86_64", "uname", 63, "__x64_sys_newuname"],
  ["x86_64", "openat", 257, "__x64_sys_openat"],
  ["x86_64", "newfstatat", 262, "__x64_sys_newfstatat"],
  ["x86_64", "statx", 332, "__x64_sys_statx"],
  ["x86_64", "clone3", 435, "__x64_sys_clone3"],
  ["x86_64", "delete_module", 176, "__x64_sys_delete_module"],
  ["aarch64", "read", 63, "__arm64_sys_read"],
  ["aarch64", "openat", 56, "__arm64_sys_openat"],
  ["aarch64", "newfstatat", 79, "__arm64_sys_newfstatat"],
  ["aarch64", "fstat", 80, "__arm64_sys_newfstat"],
] as const)("%s %s is %i", (architecture, name, number, entry) => {
  const table = systemCallTable(architecture);
  expect(table.byName.get(name)?.number).toBe(number);
  expect(table.names.names.get(number)).toBe(name);
  expect(table.functions.names.get(number)).toBe(entry);
});

(HEADER ? test : test.skip)("every number of this machine's header that the table has agrees", () => {
  const numbers = new Map(
    Array.from(readFileSync(HEADER ?? "", "utf8").matchAll(/#define __NR_(\w+) (\d+)/g), ([, name, number]) => [
      name,
      Number(number),
    ]),
  );
  const { calls } = systemCallTable("x86_64");
  const shared = calls.filter(({ name }) => numbers.has(name));
  expect(shared.length).toBeGreaterThan(340);
  for (const { name, number } of shared) expect([name, number]).toEqual([name, numbers.get(name)]);
});

test("arm64 has none of the calls that it never had", () => {
  const { byName } = systemCallTable("aarch64");
  for (const name of ["open", "stat", "fork", "pipe", "unlink", "arch_prctl"]) expect(byName.has(name)).toBe(false);
});

test("arguments carry their C types and SystemTap's names", () => {
  const { byName } = systemCallTable("x86_64");
  expect(byName.get("newfstatat")?.parameters.map(({ name, type, notation }) => [name, type, notation])).toEqual([
    ["dfd", "int", "directory"],
    ["filename", "const char *", "text"],
    ["statbuf", "struct stat *", "hexadecimal"],
    ["flag", "int", "hexadecimal"],
  ]);
  const [fd, buf, count] = byName.get("read")?.parameters ?? [];
  // Declared unsigned, but -1 is what a caller means.
  expect(fd).toMatchObject({ name: "fd", bits: 32, isSigned: true, notation: "signed" });
  expect(buf).toMatchObject({ name: "buf", otherNames: ["buf_uaddr"], notation: "hexadecimal" });
  expect(count).toMatchObject({ name: "count", bits: 64, isSigned: false, notation: "unsigned" });
  expect(byName.get("openat")?.parameters[3]).toMatchObject({ name: "mode", bits: 16, notation: "octal" });
  expect(byName.get("semtimedop")?.parameters[1]?.otherNames).toContain("sops_uaddr");
});

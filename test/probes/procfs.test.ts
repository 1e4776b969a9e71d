/** Points on files of the script's own: what they resolve to, and what is said of those that cannot be. */
import { probeOf, refusalOf } from "./pattern.js";
import { target } from "./target.js";
import { diagnosticsOf } from "./traced_workload.js";

test.each([
  ['procfs("a").read', "read", { name: "a", maxSize: null, umask: null }],
  ['procfs("a/b").write', "write", { name: "a/b", maxSize: null, umask: null }],
  ["procfs.read", "read", { name: "command", maxSize: null, umask: null }],
  ['procfs("a").read.maxsize(1024)', "read", { name: "a", maxSize: 1024, umask: null }],
  ['procfs("a").umask(18).read.maxsize(4)', "read", { name: "a", maxSize: 4, umask: 0o022 }],
])("%s", (point, access, file) => {
  expect(probeOf(point)).toMatchObject({ kind: "user", moment: { kind: "file", access, file } });
});

test.each([
  ['procfs("a")', /\.read or \.write\?/],
  ['procfs("../a").read', /relative/],
  ['procfs("/a").read', /relative/],
  ["procfs(3).read", /by its name/],
  ['procfs("a").read.write', /points of their own/],
  ['procfs("a").read.maxsize(0)', /from 1 to/],
  ['procfs("a").read.umask(512)', /from 0 to 0777/],
  ['procfs("a").append', /no part called \.append/],
])("%s is refused", (point, message) => expect(refusalOf(point).message).toMatch(message));

test("a machine that lets nobody mount tells why", () => {
  const machine = target({ refusal: ({ kind }) => (kind === "files" ? "/dev/fuse cannot be opened (EACCES)" : null) });
  expect(refusalOf('procfs("a").read', machine).message).toBe(
    'procfs("a").read: this machine lets us serve no files: /dev/fuse cannot be opened (EACCES)',
  );
});

test("$value is the reader's to be made and the writer's to be taken", () => {
  const refusal = (): null => null;
  expect(diagnosticsOf('probe procfs("a").read { $value = "x"; $value .= $value }', { refusal })).toEqual([]);
  expect(diagnosticsOf('probe procfs("a").write { println($value) }', { refusal })).toEqual([]);
  expect(diagnosticsOf('probe procfs("a").read { $value = 5 }', { refusal })).toHaveLength(1);
  expect(diagnosticsOf('probe procfs("a").read { $value++ }', { refusal })).toHaveLength(1);
  expect(diagnosticsOf('probe procfs("a").write { $value = "x" }', { refusal })).toEqual([
    expect.stringContaining("`$value`"),
  ]);
});

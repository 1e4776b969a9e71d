/** Which functions there are, from what the kernel's types name and what its function tracer reaches. */
import { MachineFunctions } from "../../../kernel/tracing/machine/kernel_functions.js";
import { typesOf } from "../../probes/kernel_types.js";

const TYPES = typesOf({ vfs_read: ["int"], vfs_write: ["int"], notrace_me: ["int"] });
const TRACER = `vfs_read
vfs_write
__x64_sys_untyped
__ftrace_invalid_address___16
vfs_piece.cold
ext4_sync_file [ext4]
ext4_untyped\t[ext4]
`;

const functions = (tracer: string | null) =>
  new MachineFunctions(
    (module) => (module === undefined ? TYPES : null),
    () => ["ext4"],
    () => tracer,
  );

test("what types or tracer know can be named, by what it starts with", () => {
  const known = functions(TRACER);
  expect(known.names(null, "")).toEqual(["__x64_sys_untyped", "notrace_me", "vfs_piece.cold", "vfs_read", "vfs_write"]);
  expect(known.names(null, "vfs_w")).toEqual(["vfs_write"]);
  expect(known.names("ext4", "ext4_")).toEqual(["ext4_sync_file", "ext4_untyped"]);
  expect(known.names("xfs", "")).toEqual([]);
});

test("the tracer says what it reaches, and where it says nothing everything may be", () => {
  const reached = (tracer: string | null) =>
    ["vfs_read", "notrace_me"].map((name) => functions(tracer).isTraceable(name, null));
  expect(reached(TRACER)).toEqual([true, false]);
  expect(reached(null)).toEqual([true, true]);
  expect(functions(TRACER).isTraceable("ext4_untyped", "ext4")).toBe(true);
  expect(functions(null).names(null, "")).toEqual(["notrace_me", "vfs_read", "vfs_write"]);
});

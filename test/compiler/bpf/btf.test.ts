/** The blob as the kernel's own tool reads it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { functionTypes } from "../../../kernel/compiler/bpf/btf.js";

const FUNCTIONS = [
  { name: "handle", kind: "main", start: 0 },
  { name: "loop1", kind: "loop", start: 40 },
  { name: "each2", kind: "each", start: 77 },
] as const;

test("bpftool reads the functions with their parameters", () => {
  const folder = mkdtempSync(join(tmpdir(), "tapbook-"));
  try {
    const file = join(folder, "program.btf");
    writeFileSync(file, functionTypes(FUNCTIONS).btf);
    const dump = execFileSync("bpftool", ["btf", "dump", "file", file], { encoding: "utf8" });
    expect(dump.trim().split("\n")).toEqual([
      "[1] INT 'long' size=8 bits_offset=0 nr_bits=64 encoding=SIGNED",
      "[2] PTR '(anon)' type_id=0",
      "[3] FUNC_PROTO '(anon)' ret_type_id=1 vlen=1",
      "\t'p0' type_id=2",
      "[4] FUNC 'handle' type_id=3 linkage=global",
      "[5] FUNC_PROTO '(anon)' ret_type_id=1 vlen=2",
      "\t'p0' type_id=1",
      "\t'p1' type_id=2",
      "[6] FUNC 'loop1' type_id=5 linkage=static",
      "[7] FUNC_PROTO '(anon)' ret_type_id=1 vlen=4",
      "\t'p0' type_id=2",
      "\t'p1' type_id=2",
      "\t'p2' type_id=2",
      "\t'p3' type_id=2",
      "[8] FUNC 'each2' type_id=7 linkage=static",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("function records are pairs of instruction and type, as struct bpf_func_info", () => {
  const { functionInfo } = functionTypes(FUNCTIONS);
  expect([...new Uint32Array(functionInfo.slice().buffer)]).toEqual([0, 4, 40, 6, 77, 8]);
});

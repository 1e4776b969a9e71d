/** What a saved notebook keeps beside what it shows: where it comes from, how far it can be trusted, and a form that nbformat accepts. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeUnless, python, pythonModuleIsMissing } from "../end_to_end/checkout.js";
import { TestNotebook, WORKLOAD, type CellResult } from "./notebook.js";

let folder: string;
let notebook: TestNotebook;
const results: CellResult[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapbook-kept-"));
  notebook = new TestNotebook();
  for (const code of CELLS) results.push(await notebook.run(code));
});
afterAll(async () => {
  await notebook.close();
  rmSync(folder, { recursive: true });
});

const CELLS = [
  `%%trace -c '${WORKLOAD} syscalls getppid --count 30 --name tapkept'
global n, lat probe syscall.getppid { if (execname() == "tapkept") { n[execname()]++; lat <<< n[execname()] } }`,
  "%snapshot before",
  'n["other"] = 5; lat <<< 1000',
  "n",
  "n@before",
  "%diff n n@before",
  "%diff lat lat@before",
  "%snapshots",
  "%redact paths",
  "%diff lat lat@before",
  "%redact off",
];

const ours = (cell: CellResult): Record<string, unknown>[] =>
  cell.bundles.map(({ metadata }) => (metadata["tapbook"] ?? {}) as Record<string, unknown>);

test("every output that comes from a trace carries its provenance and its fidelity figures", async () => {
  const [traced, , , , copied] = results;
  const about = ours(traced!);
  expect(about).toHaveLength(3);
  for (const one of about) {
    expect(one).toMatchObject({
      provenance: {
        kernelRelease: expect.any(String),
        probes: [{ point: "syscall.getppid", mechanism: expect.any(String) }],
      },
      fidelity: { events: expect.any(Number), lost: 0, mapFull: 0, missed: 0, errors: 0, cut: { lines: 0, bytes: 0 } },
    });
    expect((one["fidelity"] as { events: number }).events).toBeGreaterThanOrEqual(30);
    expect(JSON.stringify(one["provenance"])).not.toContain("fidelity");
  }
  // What a snapshot holds still comes from there, though the global has been changed since.
  expect(ours(copied!).every((one) => "provenance" in one && "fidelity" in one)).toBe(true);
});

describeUnless(pythonModuleIsMissing("nbformat", "python3-nbformat"), "a notebook of these outputs", () => {
  test("is one that nbformat accepts", () => {
    const document = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "tapbook", display_name: "Tapbook", language: "systemtap" } },
      cells: results.map(({ stdout, bundles }, index) => ({
        id: `cell-${index}`,
        cell_type: "code",
        metadata: {},
        source: CELLS[index],
        execution_count: index + 1,
        outputs: [
          ...(stdout === "" ? [] : [{ output_type: "stream", name: "stdout", text: stdout }]),
          ...bundles.map((bundle) => ({ output_type: "display_data", ...bundle })),
        ],
      })),
    };
    const path = join(folder, "kept.ipynb");
    writeFileSync(path, JSON.stringify(document));
    const check = "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=4)); print('valid')";
    expect(execFileSync(python, ["-c", check, path], { encoding: "utf8" })).toBe("valid\n");
  });
});

test("figures go along into a file, and come back", async () => {
  const path = join(folder, "figures");
  await notebook.run(CELLS[0]!);
  await notebook.run(`%save ${path} n`);
  const before = ours(await notebook.run("n"));
  await notebook.run(`%load ${path}`);
  expect(ours(await notebook.run("n"))).toEqual(before);
  expect(before[0]).toHaveProperty("fidelity.events");
});

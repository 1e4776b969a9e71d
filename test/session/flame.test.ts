/** A call chain that the workload program makes, as a flame graph. */
import { WaitingWorkload } from "../native/workload.js";
import { TestNotebook } from "./notebook.js";

let notebook: TestNotebook;
beforeAll(() => void (notebook = new TestNotebook()));
afterAll(() => notebook.close());

test("counts by user and kernel stack show one tree, outermost caller first", async () => {
  const workload = await WaitingWorkload.start("chain", "--count", "100");
  const cell = await notebook.run(
    `%%bg chain -x ${workload.pid}
global stacks
probe syscall.getppid { if (pid() == target()) stacks[backtrace(), execname(), ubacktrace()]++ }`,
  );
  await workload.run();
  await notebook.run("%stop chain");
  const flame = cell.bundles.find(({ data }) => "application/vnd.vega.v5+json" in data);
  const folded = String(flame?.data["text/plain"]).split("\n").slice(1);
  const chain = folded.find((line) => line.includes("chain_middle"))!;
  const names = chain.replace(/ \d+$/, "").split(";");
  expect(names[0]).toBe("workload");
  const place = (part: string): number => names.findIndex((name) => name.includes(part));
  // As the program's source has them; the kernel's functions are the innermost.
  const order = ["main", "chain_outer", "chain_middle", "chain_inner", "do_syscall_64"].map(place);
  expect(order.every((position) => position > 0)).toBe(true);
  expect(order).toEqual(order.toSorted((left, right) => left - right));
  // The function that calls the chain is of C++, and is called what its source calls it.
  const callers = names.slice(place("main"), place("chain_outer")).join(";");
  expect(callers).toContain("workload::prepareChain(workload::Options const&)");
  // Its plain text breaks long names where a terminal ends.
  const table = cell.bundles
    .map(({ data }) => String(data["text/html"]).replaceAll("&lt;", "<").replaceAll("&amp;", "&"))
    .find((text) => / < chain_outer < /.test(text));
  expect(table).toContain("workload::prepareChain(workload::Options const&)");
  expect(`${folded.join()}${table}`).not.toMatch(/\b_Z/);
  // Each of the 100 calls by the long chain, and 50 by the short one, which chain_middle is no part of.
  const sum = (part: string): number =>
    folded.filter((line) => line.includes(part)).reduce((total, line) => total + Number(/ (\d+)$/.exec(line)![1]), 0);
  expect([sum("chain_middle"), sum("chain_shortcut")]).toEqual([100, 50]);
  // The same as a tree: of those 150 calls two thirds come through chain_middle.
  const tree = await notebook.run("%plot stacks as tree");
  const middle = String(tree.bundles[0]?.data["text/plain"])
    .split("\n")
    .find((line) => line.endsWith(" chain_middle"));
  expect(middle?.trim().split(/\s+/)[0]).toBe("100");
});

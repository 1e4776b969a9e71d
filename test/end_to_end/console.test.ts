/** jupyter-console of the distribution, in a terminal: typed into as a person does. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { RealKernel } from "../robustness/real_kernel.js";
import { DataFolder, describeUnless, kernelIsMissing, python, pythonModuleIsMissing } from "./checkout.js";

const program = fileURLToPath(new URL("./console_session.py", import.meta.url));
const missing = kernelIsMissing() ?? pythonModuleIsMissing("jupyter_console", "jupyter-console");

/** What to wait for, and what to type then. */
type Step = readonly [awaited: string, keys: string];

const session: readonly Step[] = [
  ["In [1]", 'println("from", " a console")\r'],
  ["In [2]", "6 * 7\r"],
  // The console asks at each Enter whether that is all, and goes on in a new line where it is not.
  ["In [3]", 'probe begin {\rprintln("two", " lines")\rexit()\r}\r'],
  ["In [4]", "no_such_thing()\r"],
  ["In [5]", "exit\r"],
];

describeUnless(missing, "jupyter-console", () => {
  test("prints, shows results, goes on over lines, tells mistakes, and ends with its kernel", async () => {
    const data = new DataFolder();
    const kernel = await RealKernel.start();
    try {
      await kernel.client.execute("", { store_history: false });
      const input = session.map((step) => `${JSON.stringify(step)}\n`).join("");
      const { stdout, stderr, status } = spawnSync(python, [program, kernel.connectionFile], {
        input,
        env: data.environment,
        encoding: "utf8",
        timeout: 100_000,
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const seen = stripVTControlCharacters(stdout).replaceAll("\r", "");
      expect(seen).toContain("Tapbook");
      expect(seen).toMatch(/^from a console$/m);
      expect(seen).toMatch(/Out\[2\]: 42$/m);
      expect(seen).toMatch(/^two lines$/m);
      expect(seen).toMatch(/^error: there is no function `no_such_thing`/m);
      await kernel.client.until(() => kernel.process.exitCode === 0);
    } finally {
      await kernel.close();
      data.remove();
    }
  }, 130_000);
});

/** The kernel and its tests as plain JavaScript in a folder of their own: a picture of the checkout that holds still while it is tested. */
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { runLogged } from "../../scripts/setup/commands.mjs";
import { root } from "../../scripts/setup/paths.mjs";
import { SetupError, doing, note } from "../../scripts/setup/terminal.mjs";
import { vmCache } from "./kernels.mjs";

const build = join(vmCache, "build");

/** The compiled file of a test. */
export const compiledTest = (test) => join(build, test.replace(/\.ts$/, ".js"));

/** Type errors do not stop it: they are told by `npm run check`. */
export async function compileTests(tests) {
  doing("tests", "compiling");
  rmSync(build, { recursive: true, force: true });
  mkdirSync(build, { recursive: true });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const flags = ["-p", join("test", "tsconfig.json"), "--noEmit", "false", "--outDir", build];
  try {
    await runLogged("vm-build", process.execPath, [compiler, ...flags]);
  } catch (error) {
    note(
      `the compiler complains: ${error.message.split("\n").find((line) => line.includes("error TS")) ?? error.message}`,
    );
  }
  for (const name of ["native", "notebooks", "package.json"])
    symlinkSync(relative(build, join(root, name)), join(build, name));
  const missing = tests.filter((test) => !existsSync(compiledTest(test)));
  if (missing.length > 0) throw new SetupError(`there is no such test: ${missing.join(", ")}`);
}

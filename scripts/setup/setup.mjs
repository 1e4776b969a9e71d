/** Takes a fresh clone, or any later state, to a built and installed kernel; does only what is not done yet. */
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runLogged } from "./commands.mjs";
import { installKernelspec } from "./kernelspec.mjs";
import { nodePackagesAreInstalled } from "./node-packages.mjs";
import { ensureBuildPackages } from "./packages.mjs";
import { root } from "./paths.mjs";
import { whenChanged } from "./stamp.mjs";
import { SetupError, doing, done } from "./terminal.mjs";

const oldestNode = 20;

async function step(name, work) {
  const start = performance.now();
  const worked = await work();
  done(name, worked ? `${((performance.now() - start) / 1000).toFixed(1)} s` : "up to date");
}

function nodePackages() {
  return step("Node packages", async () => {
    if (nodePackagesAreInstalled()) return false;
    doing("Node packages", "npm ci");
    await runLogged("npm-ci", "npm", ["ci"]);
    return true;
  });
}

function nativeEngine() {
  const inputs = ["native"];
  const outputs = ["native/build/Release/tapbook.node", "native/build/Release/workload"];
  // The addon speaks N-API, which stays the same from one Node to the next; only the machine matters.
  const also = [process.arch];
  return step("native engine", () =>
    whenChanged({ name: "native-engine", inputs, outputs, also }, async () => {
      await ensureBuildPackages();
      doing("native engine", "compiling C++");
      await runLogged("native-engine", "npm", ["run", "build:native"]);
    }),
  );
}

function kernel() {
  const inputs = ["kernel", "kernelspec", "scripts/build-labextension.mjs", "tsconfig.json", "package-lock.json"];
  return step("kernel", () =>
    whenChanged(
      { name: "kernel", inputs, outputs: ["dist/kernel/main.js", "dist/labextension/package.json"] },
      async () => {
        doing("kernel", "compiling TypeScript");
        // Anew, since what was compiled from files that are gone would still be found; beside the old one, which kernels
        // that run go on loading; and as deep as that, for the paths in source maps.
        const [dist, compiled] = [join(root, "dist"), join(root, "build")];
        rmSync(compiled, { recursive: true, force: true });
        await runLogged("kernel", "npm", ["run", "build:kernel", "--", "--outDir", compiled]);
        rmSync(dist, { recursive: true, force: true });
        renameSync(compiled, dist);
      },
    ),
  );
}

export async function setUp() {
  const [major] = process.versions.node.split(".");
  if (Number(major) < oldestNode) {
    throw new SetupError(`Tapbook needs Node ${oldestNode} or newer; this is ${process.version}.`);
  }
  if (process.platform !== "linux") throw new SetupError(`Tapbook traces Linux; this is ${process.platform}.`);
  await nodePackages();
  await nativeEngine();
  await kernel();
  done("kernelspec", installKernelspec());
}

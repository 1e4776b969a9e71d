/** Build steps that are skipped when nothing they read has changed since they last succeeded. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { cache, root } from "./paths.mjs";

function* filesIn(path) {
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).toSorted()) {
    if (name !== "build" && name !== "node_modules") yield* filesIn(join(path, name));
  }
}

/** One hash of the contents and names of files and folders (build products left out) and of anything else that counts. */
function hashOf(inputs, also) {
  const hash = createHash("sha256");
  for (const word of also) hash.update(`${word}\0`);
  for (const input of inputs) {
    const path = join(root, input);
    if (!existsSync(path)) continue;
    for (const file of filesIn(path)) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/**
 * Runs `work` unless it has already succeeded on the same inputs and its outputs are there.
 * @param {{name: string, inputs: string[], also?: string[], outputs: string[]}} step paths from the checkout's folder
 * @returns {Promise<boolean>} whether there was something to do
 */
export async function whenChanged(step, work) {
  const stamp = join(cache, `${step.name}.stamp`);
  const hash = hashOf(step.inputs, step.also ?? []);
  const there = step.outputs.every((output) => existsSync(join(root, output)));
  if (there && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return false;
  rmSync(stamp, { force: true });
  await work();
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, hash);
  return true;
}

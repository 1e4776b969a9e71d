/** Programs by the clock. */
import { spawn } from "node:child_process";

/** Milliseconds from spawning to the first line and to the end, with all that was written. */
export function timed([program, ...words], environment = {}) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(program, words, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    let [first, lines, errors] = [NaN, 0, ""];
    child.stdout.on("data", (bytes) => {
      if (Number.isNaN(first)) first = performance.now() - began;
      for (const byte of bytes) if (byte === 10) lines++;
    });
    child.stderr.on("data", (text) => (errors += text));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve({ first, all: performance.now() - began, lines, errors });
      else reject(new Error(`${program} ${words.join(" ").slice(0, 200)} ended with ${status}: ${errors}`));
    });
  });
}

/** One run that is not counted, then so many. */
export async function repeated(runs, measure) {
  await measure();
  const found = [];
  for (let run = 0; run < runs; run++) found.push(await measure());
  return found;
}

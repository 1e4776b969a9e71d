/** Running other programs: loudly when that is the work, quietly when it is only a question. */
import { spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  appendFileSync,
  constants as access,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { cache, root } from "./paths.mjs";
import { SetupError } from "./terminal.mjs";

/** The path of a program, or null where there is none. */
export function findProgram(name, searchPath = process.env.PATH ?? "") {
  for (const folder of searchPath.split(delimiter).filter(Boolean)) {
    const path = join(folder, name);
    try {
      accessSync(path, access.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // Not here; the next folder may have it.
    }
  }
  return null;
}

/** What a program prints, trimmed; null where it fails or does not exist. */
export function answerOf(program, args) {
  const result = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return result.status === 0 ? result.stdout.trim() : null;
}

/**
 * Runs a program whose output matters only when it fails; it goes to `.cache/NAME.log`, and its end into the error.
 * @param {string} name of the step, for the log and the error
 */
export function runLogged(name, program, args, environment = process.env) {
  mkdirSync(cache, { recursive: true });
  const log = join(cache, `${name}.log`);
  writeFileSync(log, `$ ${[program, ...args].join(" ")}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => appendFileSync(log, chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) return resolve();
      const tail = readFileSync(log, "utf8").trimEnd().split("\n").slice(-25).join("\n  ");
      reject(
        new SetupError(`${name} failed: \`${[program, ...args].join(" ")}\` ended with status ${status}\n  ${tail}`),
      );
    });
  });
}

/**
 * Runs a program in the foreground, its output the user's and ^C for it alone; resolves to its exit status.
 * @param {{environment?: NodeJS.ProcessEnv, onStart?: (child: import("node:child_process").ChildProcess) => void}} options
 */
export function runForeground(program, args, { environment = process.env, onStart = () => {} } = {}) {
  const leaveToProgram = () => {};
  process.on("SIGINT", leaveToProgram);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env: environment, stdio: "inherit" });
    onStart(child);
    child.on("error", reject);
    child.on("close", (status, signal) => resolve(signal ? 128 + constants.signals[signal] : status));
  }).finally(() => process.off("SIGINT", leaveToProgram));
}

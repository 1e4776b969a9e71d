/** The built command line as a child process. */
import { jest } from "@jest/globals";
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Each test starts several processes, and the machine may be busy with other tests.
jest.setTimeout(60_000);

export const packageFolder = fileURLToPath(new URL("../..", import.meta.url));
export const entry = join(packageFolder, "dist", "kernel", "cli", "main.js");
export const workload = join(packageFolder, "native", "build", "Release", "workload");

export interface Outcome {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export class Running {
  readonly finished: Promise<Outcome>;
  private readonly out: Buffer[] = [];
  private readonly err: Buffer[] = [];

  constructor(readonly child: ChildProcess) {
    child.stdout?.on("data", (data: Buffer) => this.out.push(data));
    child.stderr?.on("data", (data: Buffer) => this.err.push(data));
    this.finished = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) =>
        resolve({ status, stdout: this.stdout, stderr: Buffer.concat(this.err).toString() }),
      );
    });
  }

  get stdout(): Buffer {
    return Buffer.concat(this.out);
  }

  /** Resolves once the output holds the text. */
  async hasPrinted(text: string): Promise<void> {
    while (!this.stdout.includes(text)) {
      if (this.child.exitCode !== null)
        throw new Error(`ended without printing ${JSON.stringify(text)}: ${Buffer.concat(this.err).toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

export function start(args: readonly string[], options: SpawnOptions = {}, main = entry): Running {
  if (!existsSync(main)) throw new Error("the command line is not built: npm run build:kernel");
  return new Running(spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"], ...options }));
}

export function tapbook(args: readonly string[], options: SpawnOptions = {}): Promise<Outcome> {
  return start(args, options).finished;
}

/** Neither root nor any capability. */
export const nobody = { uid: 65534, gid: 65534 } as const;

/** Runs with a folder that is gone afterwards. */
export async function withFolder<Value>(use: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), "tapbook-test-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The distribution's jupyter-server on loopback, with our kernel and no other. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import type { DataFolder } from "./checkout.js";

const program = "/usr/bin/jupyter-server";

/** Why there can be no server here; null where there can. */
export function jupyterServerIsMissing(): string | null {
  return existsSync(program) ? null : "no jupyter-server (Debian package jupyter-server)";
}

/** A port of loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server that was spawned by a test: waits for it, keeps what it says, ends it. */
export class LoopbackServer {
  readonly address: string;
  readonly token: string;
  readonly #process: ChildProcess;
  #log = "";

  constructor(process: ChildProcess, port: number, token: string) {
    this.address = `http://127.0.0.1:${port}`;
    this.token = token;
    this.#process = process;
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on("data", (chunk: Buffer) => (this.#log += chunk.toString()));
    }
  }

  /** Everything the server has said so far. */
  get log(): string {
    return this.#log;
  }

  async answers(): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline && this.#process.exitCode === null) {
      const response = await fetch(`${this.address}/api/status?token=${this.token}`).catch(() => null);
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await this.close();
    throw new Error(`the server did not start:\n${this.#log}`);
  }

  /** Ends the server, which ends its kernels. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(timer);
  }
}

export async function startJupyterServer(data: DataFolder): Promise<LoopbackServer> {
  const port = await freePort();
  const token = "only-on-loopback";
  const folder = join(data.path, "notebooks");
  mkdirSync(folder, { recursive: true });
  const args = ["--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`, `--ServerApp.root_dir=${folder}`];
  // The option for the token has another name in every version; the environment variable has not.
  const env = { ...data.environment, JUPYTER_TOKEN: token };
  const process = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const server = new LoopbackServer(process, port, token);
  await server.answers();
  return server;
}

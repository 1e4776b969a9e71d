/** Tapbook's kernel as a process with a connection file, as a Jupyter server starts it. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConnection, type Connection } from "../../protocol/connection.js";
import { kernelEntry } from "../kernelspec.js";

/** Milliseconds for the kernel to end by itself, and then to obey a signal. */
const GRACE = 3000;

export class KernelProcess {
  /** Resolves, once the process has ended, to how it ended. */
  readonly ended: Promise<string>;

  private constructor(
    private readonly child: ChildProcess,
    readonly connection: Connection,
    folder: string,
  ) {
    this.ended = new Promise((resolve) => {
      child.on("error", (error) => resolve(`could not be started: ${error.message}`));
      child.on("exit", (status, signal) => resolve(signal ? `ended by ${signal}` : `ended with status ${status}`));
    });
    void this.ended.then(() => rmSync(folder, { recursive: true, force: true }));
  }

  /** The kernel runs in `workingFolder`, which is the notebook's. */
  static start(workingFolder: string): KernelProcess {
    const folder = mkdtempSync(join(tmpdir(), "tapbook-"));
    const file = join(folder, "connection.json");
    const text = JSON.stringify(connectionFile(join(folder, "socket")));
    // The key in it lets anyone who reads it run code as this user.
    writeFileSync(file, text, { mode: 0o600 });
    const child = spawn(process.execPath, [kernelEntry(), file], {
      cwd: workingFolder,
      env: { ...process.env, JPY_PARENT_PID: String(process.pid) },
      // A ^C at the terminal is for us: we ask the kernel in its own way.
      detached: true,
      stdio: ["ignore", "inherit", "inherit"],
    });
    return new KernelProcess(child, parseConnection(text, file), folder);
  }

  /** Waits for the process to end by itself, and ends it where it does not. */
  async end(grace = GRACE): Promise<void> {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (await this.endsWithin(grace)) return;
      this.child.kill(signal);
    }
    await this.ended;
  }

  private async endsWithin(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, milliseconds, false)));
    const inTime = await Promise.race([this.ended.then(() => true), late]);
    clearTimeout(timer);
    return inTime;
  }
}

/** Sockets in a folder of our own: no port to be free, and nobody else reaches them. */
function connectionFile(socket: string): Readonly<Record<string, string | number>> {
  return {
    transport: "ipc",
    ip: socket,
    shell_port: 1,
    iopub_port: 2,
    stdin_port: 3,
    control_port: 4,
    hb_port: 5,
    signature_scheme: "hmac-sha256",
    key: randomUUID(),
    kernel_name: "tapbook",
  };
}

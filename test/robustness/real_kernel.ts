/** The kernel as Jupyter runs it: built, in a process of its own, spoken to over ZeroMQ. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, streamText, type Target } from "../protocol/client.js";
import type { Message } from "../protocol/message-schemas.js";

const project = fileURLToPath(new URL("../../", import.meta.url));
const program = join(project, "dist/kernel/main.js");
export const WORKLOAD = join(project, "native/build/Release/workload");

/** The text of the shell command that starts the kernel for the connection file `$1`. */
type Launcher = (command: readonly string[]) => ChildProcess;

const launch: Launcher = ([first, ...rest]) => spawn(first ?? "", rest, { stdio: ["ignore", "ignore", "inherit"] });

export class RealKernel {
  private constructor(
    readonly process: ChildProcess,
    readonly client: Client,
    private readonly folder: string,
    /** For clients other than ours. */
    readonly connectionFile: string,
  ) {}

  /** `launcher` may put other processes between us and the kernel; `state` is where it keeps what outlives it. */
  static async start(launcher: Launcher = launch, state?: string): Promise<RealKernel> {
    if (!existsSync(program)) throw new Error("the kernel is not built: run `npm run build`");
    const folder = await mkdtemp(join(tmpdir(), "tapbook-robustness-"));
    const ports = { shell: 1, iopub: 2, stdin: 3, control: 4, hb: 5 };
    const entries = Object.entries(ports).map(([channel, port]) => [`${channel}_port`, port]);
    const common = { transport: "ipc", ip: join(folder, "k"), key: "robust", signature_scheme: "hmac-sha256" };
    const file = join(folder, "connection.json");
    await writeFile(file, JSON.stringify({ ...common, ...Object.fromEntries(entries) }));
    const target: Target = {
      key: "robust",
      algorithm: "sha256",
      endpoint: (channel) => `ipc://${common.ip}-${ports[channel]}`,
    };
    // Nothing of these sessions goes into this user's history.
    const child = launcher(["/usr/bin/env", `XDG_STATE_HOME=${state ?? folder}`, process.execPath, program, file]);
    return new RealKernel(child, await Client.connect(target), folder, file);
  }

  /** Sends a cell that traces, and answers its id once a line that its probe prints has come. */
  async startTracing(code: string): Promise<string> {
    const id = this.client.sendExecute(code);
    await this.client.until(() => streamText(this.client.of(id)) !== "");
    return id;
  }

  /** Milliseconds that the control channel takes to answer. */
  async controlDelay(): Promise<number> {
    const start = performance.now();
    await this.client.reply(this.client.send("kernel_info_request", {}, { channel: "control" }));
    return performance.now() - start;
  }

  async close(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = new Promise((resolve) => this.process.once("exit", resolve));
      this.process.kill("SIGKILL");
      await ended;
    }
    this.client.close();
    await rm(this.folder, { recursive: true });
  }
}

/** The plain text of everything that was displayed, updates aside. */
export function displayed(messages: readonly Message[]): string[] {
  return messages
    .filter(({ header }) => header["msg_type"] === "display_data" || header["msg_type"] === "execute_result")
    .map(({ content }) => String((content["data"] as Record<string, unknown>)["text/plain"]));
}

/** Megabytes of memory that a process held at most. */
export async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) / 1000;
}

/** A process that has ended and that nobody has reaped is a zombie (state Z). */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return stat !== undefined && !/\) Z /.test(stat);
}

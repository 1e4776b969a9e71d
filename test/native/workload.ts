/** Runs the workload program, which waits until the test has attached. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const workloadPath = fileURLToPath(new URL("../../native/build/Release/workload", import.meta.url));

export interface WorkloadReport {
  readonly pid: number;
  readonly comm: string;
  readonly calls: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export class WaitingWorkload {
  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    readonly pid: number,
  ) {}

  static async start(...words: readonly string[]): Promise<WaitingWorkload> {
    return WaitingWorkload.startProgram(workloadPath, ...words, "--wait");
  }

  /** Another program that speaks as the workload does. */
  static async startProgram(path: string, ...words: readonly string[]): Promise<WaitingWorkload> {
    const child = spawn(path, words);
    const line = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.stdout.once("data", (data: Buffer) => resolve(data.toString()));
    });
    return new WaitingWorkload(child, Number(/^ready (\d+)\n$/.exec(line)?.[1]));
  }

  /** Lets it work, to its end. */
  async run(): Promise<WorkloadReport> {
    let output = "";
    this.child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    const ended = new Promise((resolve) => this.child.once("close", resolve));
    this.child.stdin.end("\n");
    await ended;
    return JSON.parse(output) as WorkloadReport;
  }

  /** Ends it where a test could not get as far as letting it run. */
  stop(): void {
    this.child.kill();
  }
}

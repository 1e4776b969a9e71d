/** A running `program.cpp`: it says where its functions and variables lie, and ends when told to. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

export class ReportingProcess {
  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    readonly pid: number,
    /** By name. */
    readonly addresses: ReadonlyMap<string, bigint>,
  ) {}

  static async start(command: string, ...words: readonly string[]): Promise<ReportingProcess> {
    const child = spawn(command, words);
    let text = "";
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", () => reject(new Error(`${command} ended: ${text}`)));
      child.stderr.on("data", (data: Buffer) => (text += data.toString()));
      child.stdout.on("data", (data: Buffer) => {
        text += data.toString();
        if (/^result .*$/m.test(text)) resolve();
      });
    });
    const lines = Array.from(
      text.matchAll(/^(\w+) (0x[0-9a-f]+)$/gm),
      ([, name, address]) => [name!, BigInt(address!)] as const,
    );
    return new ReportingProcess(child, child.pid!, new Map(lines));
  }

  address(name: string): bigint {
    const found = this.addresses.get(name);
    if (found === undefined) throw new Error(`no ${name} in the report`);
    return found;
  }

  async end(): Promise<void> {
    this.child.removeAllListeners("close");
    const ended = new Promise((resolve) => this.child.once("close", resolve));
    this.child.stdin.end();
    await ended;
  }
}

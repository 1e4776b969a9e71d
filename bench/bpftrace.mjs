/** The peer, as its users run it. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export class Bpftrace {
  stdout = "";
  stderr = "";
  #child;
  #closed;

  constructor(script, environment = {}) {
    this.#child = spawn("bpftrace", ["-e", script], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#closed = once(this.#child, "close");
    this.#child.stdout.setEncoding("utf8").on("data", (text) => (this.stdout += text));
    this.#child.stderr.setEncoding("utf8").on("data", (text) => (this.stderr += text));
  }

  /** Waits until it has printed a line. */
  async printed(line) {
    while (!this.stdout.includes(`${line}\n`)) {
      const ended = this.#closed.then(() => Promise.reject(new Error(`bpftrace ended: ${this.stderr}`)));
      ended.catch(() => undefined);
      await Promise.race([once(this.#child.stdout, "data"), ended]);
    }
  }

  async finished() {
    await this.#closed;
  }

  async stop() {
    this.#child.kill("SIGINT");
    await this.#closed;
  }
}

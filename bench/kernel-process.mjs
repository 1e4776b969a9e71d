/** Starts a kernel from its kernelspec, as a Jupyter server does, and ends it. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const address = "127.0.0.1";

/** Ports that are free now: all are held until the last is known, so that none is given twice. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const server = createServer();
          server.once("error", reject);
          server.listen(0, address, () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export class KernelProcess {
  /** Resolves, once the process has ended, to how it ended. */
  ended;
  #child;

  constructor(child, folder, connection, specification) {
    this.#child = child;
    this.connection = connection;
    this.specification = specification;
    this.ended = new Promise((resolve) => {
      child.on("error", (error) => resolve(`could not be started: ${error.message}`));
      child.on("exit", (status, signal) => resolve(signal ? `ended by ${signal}` : `ended with status ${status}`));
    });
    void this.ended.then(() => rmSync(folder, { recursive: true, force: true }));
  }

  /** @param {string} workingDirectory where the kernel runs: the notebook's folder */
  static async start({ specification, directory }, workingDirectory) {
    const [shell, iopub, stdin, control, hb] = await freePorts(5);
    const connection = {
      transport: "tcp",
      ip: address,
      shell_port: shell,
      iopub_port: iopub,
      stdin_port: stdin,
      control_port: control,
      hb_port: hb,
      signature_scheme: "hmac-sha256",
      key: randomUUID(),
      kernel_name: "",
    };
    const folder = mkdtempSync(join(tmpdir(), "tapbook-kernel-"));
    const file = join(folder, "connection.json");
    // The key in it lets anyone who reads it run code as this user.
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    const [program, ...args] = specification.argv.map((word) =>
      word.replace("{connection_file}", file).replace("{resource_dir}", directory),
    );
    const env = {
      ...process.env,
      ...specification.env,
      XDG_STATE_HOME: workingDirectory,
      JPY_PARENT_PID: String(process.pid),
    };
    const child = spawn(program, args, { cwd: workingDirectory, env, stdio: ["ignore", "inherit", "inherit"] });
    return new KernelProcess(child, folder, connection, specification);
  }

  /** Waits for the process to end by itself, and ends it where it does not. */
  async end(graceMilliseconds = 3000) {
    for (const signal of ["SIGTERM", "SIGKILL"]) {
      const ended = await this.#endsWithin(graceMilliseconds);
      if (ended) return;
      this.#child.kill(signal);
    }
    await this.ended;
  }

  #endsWithin(milliseconds) {
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds, false)));
    return Promise.race([this.ended.then(() => true), late]).finally(() => clearTimeout(timer));
  }
}

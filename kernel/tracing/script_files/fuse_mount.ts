/**
 * A file system of ours: made visible by mount(8), its requests carried to us by a small process, which also takes it away
 * again when we end, however we end.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmdirSync, writeSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineError } from "../native.js";
import { LARGEST_REQUEST, splitRequests, type Request } from "./fuse_protocol.js";

const DEVICE = "/dev/fuse";

/** The kernel asks the server of a file system for nothing here; should that change, we must not wait for ourselves. */
const PATIENCE_MILLISECONDS = 5000;

/** It ends when its standard input does; dd gives each request on as it comes. */
const CARRIER = `
dd bs=${LARGEST_REQUEST} <&3 2>/dev/null &
exec 3<&- >/dev/null 2>&1
read -r end
umount -l "$1"
kill $!
rmdir "$1"
`;

/** What was tried to get there, and why it was refused. */
class FilesRefused extends Error implements EngineError {
  override readonly name = "EngineError";
  readonly operation = "mount a file system for the script's files";
  readonly errno: number;

  constructor(
    reason: string,
    readonly code = "EPERM",
  ) {
    super(`cannot mount a file system for the script's files: ${reason}`);
    this.errno = constants.errno[code as keyof typeof constants.errno] ?? constants.errno.EPERM;
  }
}

export class FuseMount {
  private pending = Buffer.alloc(0);
  private isClosed = false;
  private readonly ended: Promise<void>;

  private constructor(
    readonly folder: string,
    private readonly device: number,
    private readonly carrier: ChildProcess,
    private readonly onRequest: (request: Request) => void,
  ) {
    this.ended = new Promise((resolve) => carrier.once("close", () => resolve()));
    carrier.stdout?.on("data", (bytes: Buffer) => this.receive(bytes));
    carrier.stdin?.on("error", () => undefined);
    carrier.on("error", () => undefined);
  }

  /** Throws an EngineError where the machine refuses. What another process has left behind that is no more is cleared away. */
  static open(onRequest: (request: Request) => void): FuseMount {
    const { folder, device } = mounted();
    const stdio = ["pipe", "pipe", "ignore", device] as const;
    // In a process group of its own: neither ^C nor the end of our group is for it.
    const carrier = spawn("/bin/sh", ["-c", CARRIER, "tapbook-files", folder], { stdio: [...stdio], detached: true });
    return new FuseMount(folder, device, carrier, onRequest);
  }

  /** Whoever asked may have gone meanwhile, and the file system too. */
  reply(bytes: Buffer): void {
    try {
      writeSync(this.device, bytes);
    } catch (error) {
      if (!["ENOENT", "ENODEV", "EPERM", "EBADF"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }

  /** Resolves when nothing of it is left. */
  async close(): Promise<void> {
    if (!this.isClosed) {
      this.isClosed = true;
      this.carrier.stdin?.end();
      void this.ended.then(() => closeSync(this.device));
    }
    await this.ended;
  }

  private receive(bytes: Buffer): void {
    const { requests, rest } = splitRequests(Buffer.concat([this.pending, bytes]));
    this.pending = Buffer.from(rest);
    for (const request of requests) this.onRequest(request);
  }
}

/** Why this machine lets us have no such file system; null where it does. */
export function mountRefusal(): string | null {
  try {
    const { folder, device } = mounted();
    closeSync(device);
    unmount(folder);
    return null;
  } catch (error) {
    if (error instanceof FilesRefused) return error.message;
    throw error;
  }
}

function mounted(): { readonly folder: string; readonly device: number } {
  const base = baseFolder();
  const folder = newFolder(base);
  const device = attempt(
    () => openSync(DEVICE, "r+"),
    (reason) => `${DEVICE} cannot be opened (${reason})`,
    () => rmdirSync(folder),
  );
  const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const options = `fd=3,rootmode=40000,user_id=${user},group_id=${group},default_permissions,allow_other,nosuid,nodev,noexec`;
  const mount = spawnSync("mount", ["-i", "-t", "fuse", "-o", options, "tapbook", folder], {
    stdio: ["ignore", "ignore", "pipe", device],
    timeout: PATIENCE_MILLISECONDS,
    encoding: "utf8",
  });
  if (mount.status === 0) return { folder, device };
  closeSync(device);
  rmdirSync(folder);
  const said = mount.error?.message ?? mount.stderr.trim().split("\n")[0] ?? "";
  throw new FilesRefused(said === "" ? "mount has failed" : said);
}

/** Whoever may mount may write in /run; the others are refused all the same. */
function baseFolder(): string {
  if (process.getuid?.() === 0) return "/run/tapbook";
  return join(process.env["XDG_RUNTIME_DIR"] ?? tmpdir(), `tapbook-${process.getuid?.()}`);
}

function newFolder(base: string): string {
  return attempt(
    () => {
      mkdirSync(base, { recursive: true, mode: 0o755 });
      clearStale(base);
      return mkdtempSync(join(base, `${process.pid}-`));
    },
    (reason) => `no folder can be made in ${base} (${reason})`,
  );
}

function attempt<Result>(
  act: () => Result,
  complaint: (reason: string) => string,
  undo: () => void = () => {},
): Result {
  try {
    return act();
  } catch (error) {
    undo();
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw new FilesRefused(complaint(code), code);
  }
}

/** Folders are named after the process that serves them; where the carrier was killed with it, one is left. */
function clearStale(base: string): void {
  for (const name of readdirSync(base)) {
    const pid = Number(/^(?<pid>\d+)-/.exec(name)?.groups?.["pid"]);
    if (pid > 0 && !isAlive(pid)) unmount(join(base, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A folder that somebody else is clearing away at the same time is no matter. */
function unmount(folder: string): void {
  spawnSync("umount", ["-l", folder], { stdio: "ignore", timeout: PATIENCE_MILLISECONDS });
  try {
    rmdirSync(folder);
  } catch {
    // Left for the next start.
  }
}

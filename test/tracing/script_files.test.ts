/** Files that a script serves while it runs, read and written by other processes and by this one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { open, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { mountRefusal } from "../../kernel/tracing/script_files/fuse_mount.js";
import { start } from "../cli/tapbook.js";
import { KeptOutput } from "./kept_output.js";

interface Serving {
  /** By name. */
  path(name: string): string;
  readonly printed: () => string;
  readonly failures: string[];
  stop(): Promise<"ok" | "failed" | "aborted">;
}

const sessions: Session[] = [];
afterEach(() => sessions.splice(0).forEach((session) => session.close()));

async function serve(script: string, maxErrors = 100): Promise<Serving> {
  const session = new Session({ native: loadNative(), catalogue, mode: "script", limits: { maxErrors } });
  sessions.push(session);
  const compiled = session.compile(script, { name: "test.stp" });
  if (!compiled.script) throw new Error(compiled.diagnostics.map(formatDiagnostic).join("\n"));
  const output = new KeptOutput();
  const trace = session.prepare({ ...compiled, script: compiled.script }, output, async () => {});
  const [first = ""] = trace.filePaths;
  trace.start();
  return {
    path: (name) => trace.filePaths.find((path) => path.endsWith(`/${name}`)) ?? join(dirname(first), name),
    printed: () => output.printed,
    failures: output.failures,
    stop: async () => {
      trace.stop();
      return (await trace.finished).status;
    },
  };
}

async function shell(command: string): Promise<{ status: number; output: string }> {
  const child = spawn("/bin/sh", ["-c", `${command} 2>&1`]);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString("latin1")));
  const [status] = (await once(child, "close")) as [number];
  return { status, output };
}

const mounts = (): string => readFileSync("/proc/self/mounts", "utf8");

// A machine that lets nobody mount says so: test/probes/procfs.test.ts.
const onThisMachine = mountRefusal() === null ? describe : describe.skip;

onThisMachine("on this machine", () => {
  test("each reader runs the handler afresh, and all see the same globals", async () => {
    const files = await serve(`global reads
      probe procfs("reads").read { $value = sprintf("%d\\n", ++reads) }
      probe end { println(reads) }`);
    expect(await shell(`cat ${files.path("reads")}; cat ${files.path("reads")}`)).toEqual({
      status: 0,
      output: "1\n2\n",
    });
    await files.stop();
    expect(files.printed()).toBe("2\n");
  });

  test("forty readers at once get forty whole texts", async () => {
    const files = await serve(`global reads
      probe procfs("reads").read.maxsize(9000) { n = ++reads; for (i = 0; i < 2000; i++) $value .= sprintf("%03d,", n) }`);
    const texts = await Promise.all(Array.from({ length: 40 }, () => readFile(files.path("reads"), "latin1")));
    await files.stop();
    const whole = (number: number): string => `${String(number).padStart(3, "0")},`.repeat(2000);
    expect(texts.toSorted()).toEqual(Array.from({ length: 40 }, (_, index) => whole(index + 1)));
  });

  test("a writer hands over all that it has written when it closes the file", async () => {
    const files = await serve(`global sum, texts
      probe procfs("sum").write { sum += strtol($value, 10); texts[$value]++ }
      probe procfs("sum").read { $value = sprintf("%d", sum) }
      probe end { foreach (text in texts) printf("[%s]", text) }`);
    const path = files.path("sum");
    const { output } = await shell(`echo 5 > ${path}; cat ${path}; echo; (printf 3; printf 0) >> ${path}; cat ${path}`);
    expect(output).toBe("5\n35");
    await files.stop();
    expect(files.printed()).toBe("[5\n][30]");
  });

  test("writers at once lose nothing", async () => {
    const files = await serve(`global seen
      probe procfs("in").write { seen[$value]++ }
      probe procfs("count").read { foreach (text in seen) n += seen[text]; $value = sprintf("%d", n) }`);
    await Promise.all(Array.from({ length: 40 }, (_, index) => writeFile(files.path("in"), `text ${index}`)));
    expect(await readFile(files.path("count"), "latin1")).toBe("40");
    await files.stop();
  });

  test("the text has as many bytes as a string, or as .maxsize says; more is refused to the writer", async () => {
    const files = await serve(`global longest
      probe procfs("short").read { for (i = 0; i < 600; i++) $value .= "x" }
      probe procfs("long").read.maxsize(600) { for (i = 0; i < 700; i++) $value .= "x" }
      probe procfs("in").write { longest = strlen($value) }
      probe procfs("larger").write.maxsize(2000) { longest = strlen($value) }
      probe procfs("longest").read { $value = sprintf("%d", longest) }`);
    const length = async (name: string): Promise<number> => (await readFile(files.path(name), "latin1")).length;
    const longest = async (): Promise<string> => readFile(files.path("longest"), "latin1");
    expect([await length("short"), await length("long")]).toEqual([511, 600]);
    await writeFile(files.path("in"), "x".repeat(511));
    expect(await longest()).toBe("511");
    await expect(writeFile(files.path("in"), "x".repeat(512))).rejects.toMatchObject({ code: "EFBIG" });
    expect(await longest()).toBe("511");
    await writeFile(files.path("larger"), "x".repeat(2000));
    expect(await longest()).toBe("2000");
    await expect(writeFile(files.path("larger"), "x".repeat(2001))).rejects.toMatchObject({ code: "EFBIG" });
    await files.stop();
  });

  test("any byte comes through, but for the one that ends strings", async () => {
    const files = await serve(`global last
      probe procfs("echo").write { last = $value }
      probe procfs("echo").read { $value = last }`);
    const bytes = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));
    await writeFile(files.path("echo"), bytes);
    expect(await readFile(files.path("echo"))).toEqual(bytes);
    await files.stop();
  });

  test("permissions are those of the directions, without the umask's", async () => {
    const files = await serve(`
      probe procfs("r").read, procfs("both").read { }
      probe procfs("w").write, procfs("both").write { }
      probe procfs("open").umask(0).read, procfs("group").umask(0027).read { }`);
    const mode = async (name: string): Promise<string> => ((await stat(files.path(name))).mode & 0o777).toString(8);
    const names = ["r", "w", "both", "open", "group"];
    expect(await Promise.all(names.map(mode))).toEqual(["400", "200", "600", "444", "440"]);
    // What a file has no probe for is refused to root as well.
    await expect(readFile(files.path("w"))).rejects.toMatchObject({ code: "EACCES" });
    await expect(writeFile(files.path("r"), "x")).rejects.toMatchObject({ code: "EACCES" });
    await files.stop();
  });

  test("names may have folders; nothing can be added or taken away", async () => {
    const files = await serve('probe procfs("a/b/c").read { $value = "c" } probe procfs("a/d").read { $value = "d" }');
    const root = files.path("a/d").slice(0, -"/a/d".length);
    expect(await readdir(root)).toEqual(["a"]);
    expect(await readdir(join(root, "a"))).toEqual(["b", "d"]);
    expect(await readFile(join(root, "a/b/c"), "latin1")).toBe("c");
    expect(await shell(`touch ${root}/new`)).toMatchObject({
      status: 1,
      output: expect.stringContaining("not permitted"),
    });
    expect(await shell(`rm -f ${root}/a/d`)).toMatchObject({ output: expect.stringContaining("not permitted") });
    await expect(readFile(join(root, "none"))).rejects.toMatchObject({ code: "ENOENT" });
    await files.stop();
  });

  test("an error in a handler is the reader's or the writer's, and the script's", async () => {
    const files = await serve(`
      probe procfs("x").read { error("not now") }
      probe procfs("x").write { error("nor so") }
      probe procfs.read { $value = "fine" }`);
    await expect(readFile(files.path("x"))).rejects.toMatchObject({ code: "EIO" });
    expect(await shell(`echo 1 > ${files.path("x")}`)).toMatchObject({ status: expect.any(Number) });
    expect(files.failures).toEqual(["not now", "nor so"]);
    expect(await readFile(files.path("command"), "latin1")).toBe("fine");
    expect(await files.stop()).toBe("failed");
  });

  test("exit() in a handler ends the script, and whoever asked has the answer", async () => {
    const files = await serve('probe procfs("stop").read { $value = "bye"; exit() } probe end { print("end") }');
    expect(await shell(`cat ${files.path("stop")}`)).toEqual({ status: 0, output: "bye" });
    expect(await files.stop()).toBe("ok");
    expect(files.printed()).toBe("end");
  });

  test("nothing is left, and who still has a file open is told that it is gone", async () => {
    const files = await serve('probe procfs("x").read { $value = "x" }');
    const folder = dirname(files.path("x"));
    const file = await open(files.path("x"));
    expect(mounts()).toContain(folder);
    await files.stop();
    expect(mounts()).not.toContain(folder);
    expect(existsSync(folder)).toBe(false);
    await expect(file.readFile()).rejects.toMatchObject({
      code: expect.stringMatching(/^E(?:NOTCONN|CONNABORTED|IO)$/),
    });
    await file.close().catch(() => undefined);
  });

  test("nothing is left of a process that was killed, and its next start clears away what its helper could not", async () => {
    const running = start(["run", "-e", 'probe procfs("x").read { $value = "x" }'], { detached: true });
    let said = "";
    running.child.stderr?.on("data", (data: Buffer) => (said += data.toString()));
    while (!said.includes("\n")) await once(running.child.stderr!, "data");
    const path = /\/\S+/.exec(said)?.[0] ?? "";
    expect(await readFile(path, "latin1")).toBe("x");
    running.child.kill("SIGKILL");
    await running.finished;
    // The helper has still to notice.
    for (let tries = 0; (mounts().includes(dirname(path)) || existsSync(dirname(path))) && tries < 400; tries++)
      await new Promise((resolve) => setTimeout(resolve, 25));
    expect(mounts()).not.toContain(dirname(path));
    expect(existsSync(dirname(path))).toBe(false);

    const stale = join(dirname(dirname(path)), `${running.child.pid}-stale0`);
    mkdirSync(stale);
    const files = await serve('probe procfs("x").read { $value = "x" }');
    expect(existsSync(stale)).toBe(false);
    expect(basename(dirname(files.path("x")))).toMatch(new RegExp(`^${process.pid}-`));
    await files.stop();
    if (existsSync(stale)) rmdirSync(stale);
  });
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nobody, packageFolder, tapbook, withFolder } from "./tapbook.js";

interface Kernelspec {
  readonly argv: readonly string[];
  readonly interrupt_mode: string;
  readonly language: string;
}

const read = (folder: string): Kernelspec =>
  JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as Kernelspec;

test("--user writes where Jupyter looks for a user's kernels, and names what can be started from anywhere", async () => {
  await withFolder(async (home) => {
    const { status, stdout } = await tapbook(["install", "--user"], { env: { HOME: home } });
    const folder = join(home, ".local", "share", "jupyter", "kernels", "tapbook");
    expect({ status, text: stdout.toString() }).toEqual({ status: 0, text: `installed ${folder}\n` });
    const { argv, interrupt_mode, language } = read(folder);
    expect(argv).toEqual([process.execPath, join(packageFolder, "dist", "kernel", "main.js"), "{connection_file}"]);
    expect(existsSync(argv[1]!)).toBe(true);
    expect({ interrupt_mode, language }).toEqual({ interrupt_mode: "message", language: "systemtap" });
  });
});

test("--prefix and --sys-prefix write below a prefix, the latter that of the environment", async () => {
  await withFolder(async (prefix) => {
    const folder = join(prefix, "share", "jupyter", "kernels", "tapbook");
    expect((await tapbook(["install", "--prefix", prefix])).status).toBe(0);
    expect(existsSync(join(folder, "kernel.json"))).toBe(true);
  });
  await withFolder(async (prefix) => {
    const { stdout } = await tapbook(["install", "--sys-prefix"], { env: { VIRTUAL_ENV: prefix } });
    expect(stdout.toString()).toBe(`installed ${join(prefix, "share", "jupyter", "kernels", "tapbook")}\n`);
  });
});

test("what cannot be written is one sentence", async () => {
  await withFolder(async (folder) => {
    const { status, stderr } = await tapbook(["install", "--prefix", folder], nobody);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tapbook: the kernelspec cannot be written to .*: permission denied\n$/);
  });
});

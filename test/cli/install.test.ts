import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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
    const data = join(home, ".local", "share", "jupyter");
    const folder = join(data, "kernels", "tapbook");
    const extension = join(data, "labextensions", "tapbook");
    const text = `installed ${folder}\ninstalled ${extension}\n`;
    expect({ status, text: stdout.toString() }).toEqual({ status: 0, text });
    const { argv, interrupt_mode, language } = read(folder);
    expect(argv).toEqual([process.execPath, join(packageFolder, "dist", "kernel", "main.js"), "{connection_file}"]);
    expect(existsSync(argv[1]!)).toBe(true);
    // What a Jupyter server reads of an extension, and the file that it names.
    const { jupyterlab } = JSON.parse(readFileSync(join(extension, "package.json"), "utf8")) as {
      readonly jupyterlab: { readonly _build: { readonly load: string; readonly extension: string } };
    };
    expect(jupyterlab._build.extension).toBe("./extension");
    expect(existsSync(join(extension, jupyterlab._build.load))).toBe(true);
    expect({ interrupt_mode, language }).toEqual({ interrupt_mode: "message", language: "systemtap" });
  });
});

test("installed anew, what an earlier build of the extension has left is gone", async () => {
  await withFolder(async (home) => {
    const folder = join(home, ".local", "share", "jupyter", "labextensions", "tapbook", "static");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "remoteEntry.old.js"), "");
    expect((await tapbook(["install"], { env: { HOME: home } })).status).toBe(0);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^remoteEntry\.[0-9a-f]{20}\.js$/)]);
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
    const data = join(prefix, "share", "jupyter");
    expect(stdout.toString()).toBe(
      `installed ${join(data, "kernels", "tapbook")}\ninstalled ${join(data, "labextensions", "tapbook")}\n`,
    );
  });
});

test("what cannot be written is one sentence", async () => {
  await withFolder(async (folder) => {
    const { status, stderr } = await tapbook(["install", "--prefix", folder], nobody);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tapbook: the kernelspec cannot be written to .*: permission denied\n$/);
  });
});

test("uninstall takes away what install wrote, in a folder with blanks too, and nothing besides", async () => {
  await withFolder(async (parent) => {
    const prefix = join(parent, "a prefix with blanks");
    const data = join(prefix, "share", "jupyter");
    const other = join(data, "kernels", "other");
    mkdirSync(other, { recursive: true });
    await tapbook(["install", "--prefix", prefix]);
    const { status, stdout } = await tapbook(["uninstall", "--prefix", prefix]);
    const text = `removed ${join(data, "kernels", "tapbook")}\nremoved ${join(data, "labextensions", "tapbook")}\n`;
    expect({ status, text: stdout.toString() }).toEqual({ status: 0, text });
    expect([readdirSync(join(data, "kernels")), readdirSync(join(data, "labextensions"))]).toEqual([["other"], []]);
    const again = await tapbook(["uninstall", "--prefix", prefix]);
    expect([again.status, again.stderr]).toEqual([1, `tapbook: Tapbook is not installed in ${data}\n`]);
  });
});

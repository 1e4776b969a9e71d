import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nobody, packageFolder, start, tapbook, withFolder } from "./tapbook.js";

const accepted =
  'global n probe syscall.read { n[execname()]++ } probe end { foreach (x in n) printf("%s %d\\n", x, n[x]) }';

test("an accepted script is status 0 and silence, without privilege", async () => {
  for (const pass of ["parse", "semantic", "compile"]) {
    const { status, stdout, stderr } = await tapbook(["check", "--pass", pass, "-e", accepted], nobody);
    expect({ pass, status, stdout: stdout.toString(), stderr }).toEqual({ pass, status: 0, stdout: "", stderr: "" });
  }
});

test("what only an attachment could tell is left to the run: kernel functions, programs, counters", async () => {
  const script = `probe kernel.function("vfs_read"), kernel.function("vfs_read").return { println($count) }
    probe process("${process.execPath}").function("main") { println(1) }
    probe perf.hw.cpu_cycles, timer.profile, netfilter.ipv4.local_in { println(2) }`;
  const { status, stderr } = await tapbook(["check", "-e", script]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const wrong = await tapbook(["check", "-e", 'probe kernel.function("vfs_raed") {}']);
  expect(wrong).toMatchObject({ status: 1, stderr: expect.stringMatching(/vfs_raed/) });
});

test("a notebook that was exported as a script is told in a sentence, the files beside it are checked", async () => {
  await withFolder(async (folder) => {
    const [exported, wrong] = [join(folder, "exported.stp"), join(folder, "wrong.stp")];
    writeFileSync(exported, "# my notes\n\n%%trace -c 'sleep 1'\nprobe syscall.read { }\n");
    writeFileSync(wrong, "probe begin {\n%b\n");
    const { status, stderr } = await tapbook(["check", exported, wrong]);
    expect(status).toBe(1);
    const [first, ...others] = stderr.split("\n");
    expect(first).toMatch(/^tapbook: \S+exported\.stp is a notebook's cell or its export: %%trace means something in/);
    expect(others.join("\n")).toMatch(/^error: .*\n --> \S+wrong\.stp:2:/);
  });
});

test("each pass finds its own mistakes and no later ones", async () => {
  const scripts = {
    parse: "probe begin {",
    semantic: "probe begin { println(undefined_function()) }",
    // Seventeen of the longest strings do not fit into what is sent at once.
    compile:
      'probe syscall.read { try { error("x") } catch (s) { print(s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s) } }',
  };
  const statuses = await Promise.all(
    (["parse", "semantic", "compile"] as const).map(async (pass) => {
      const outcomes = Object.values(scripts).map((script) => tapbook(["check", "--pass", pass, "-e", script]));
      return (await Promise.all(outcomes)).map(({ status }) => status);
    }),
  );
  expect(statuses).toEqual([
    [1, 0, 0],
    [1, 1, 0],
    [1, 1, 1],
  ]);
});

test("diagnostics go to standard error with their place", async () => {
  const { stdout, stderr } = await tapbook(["check", "-e", "probe begin {\n  x = \n}"]);
  expect(stdout.toString()).toBe("");
  expect(stderr).toContain("--> <input>:3:1\n");
});

test("of several files all are checked, also behind one that is not there", async () => {
  await withFolder(async (folder) => {
    const [good, bad] = [join(folder, "good.stp"), join(folder, "bad.stp")];
    writeFileSync(good, accepted);
    writeFileSync(bad, "probe");
    expect((await tapbook(["check", good, good])).status).toBe(0);
    const { status, stderr } = await tapbook(["check", join(folder, "none.stp"), bad, good]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tapbook: .*none\.stp cannot be read: there is no such file\n[^]*bad\.stp:1:/);
  });
});

test("arguments of the script stand behind --", async () => {
  expect((await tapbook(["check", "-e", "probe begin { println($1) }", "--", "5"])).status).toBe(0);
  expect((await tapbook(["check", "-e", "probe begin { println($1) }"])).status).toBe(1);
});

test("the first pass needs neither the native engine nor any package", async () => {
  await withFolder(async (folder) => {
    cpSync(join(packageFolder, "dist"), join(folder, "dist"), { recursive: true });
    cpSync(join(packageFolder, "package.json"), join(folder, "package.json"));
    const main = join(folder, "dist", "kernel", "cli", "main.js");
    const parsed = await start(["check", "--pass", "parse", "-e", accepted], {}, main).finished;
    expect({ status: parsed.status, stderr: parsed.stderr }).toEqual({ status: 0, stderr: "" });
    const compiled = await start(["check", "-e", accepted], {}, main).finished;
    expect(compiled).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^tapbook: the native engine cannot be loaded: [^\n]*\n$/),
    });
  });
});

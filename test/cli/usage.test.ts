import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, tapbook } from "./tapbook.js";

const names = ["run", "check", "list", "doctor", "notebook", "install", "uninstall"];

test("--help names every command, --version the package's version", async () => {
  const { status, stdout, stderr } = await tapbook(["--help"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const listed = [...stdout.toString().matchAll(/^ {2}(\w+) {2,}\S/gm)].map(([, name]) => name);
  expect(listed).toEqual(names);
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  expect((await tapbook(["--version"])).stdout.toString()).toBe(`tapbook ${version}\n`);
});

test.each(names)("%s has a help of its own, on standard output", async (name) => {
  const { status, stdout, stderr } = await tapbook([name, "--help"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout.toString()).toMatch(new RegExp(`^usage: tapbook ${name}`));
});

test.each([
  [["-v"], /no -v here: use `tapbook check --dump/],
  [["-vp4"], /no -v here/],
  [["-p4"], /no -p here: use `tapbook check --pass parse`/],
  [["-m", "name"], /no -m here: there is no kernel module/],
  [["--runtime=bpf"], /no --runtime here: .* leave it out/],
  [["--ldd"], /no --ldd here: /],
  [["--suppress-time-limits"], /-D MAXACTION=N/],
])("an option of stap that is none of ours, %j, is told what to do instead", async (options, advice) => {
  const { status, stderr } = await tapbook(["run", ...options, "-e", "probe begin {}"]);
  expect(status).toBe(2);
  expect(stderr).toMatch(advice);
});

test("run tells of every option that it takes", async () => {
  const help = (await tapbook(["run", "--help"])).stdout.toString();
  for (const option of ["-c", "-x", "-T", "-o", "-S", "-e", "-G", "-D", "-g", "-h", "--no-global-var-display"])
    expect(help).toMatch(new RegExp(`^  ${option}[ ,\\n]`, "m"));
  for (const name of [
    "MAXSTRINGLEN",
    "MAXMAPENTRIES",
    "MAXACTION",
    "MAXERRORS",
    "MAXNESTING",
    "HIST_ELISION",
    "HIST_WIDTH",
  ])
    expect(help).toMatch(new RegExp(`^ +${name} +\\S`, "m"));
});

test.each([
  [[]],
  [["frobnicate"]],
  [["--frobnicate"]],
  [["run"]],
  [["run", "--frobnicate", "-e", "probe begin {}"]],
  [["run", "-e"]],
  [["run", "-T", "soon", "-e", "probe begin {}"]],
  [["run", "-T", "0", "-e", "probe begin {}"]],
  [["run", "-x", "init", "-e", "probe begin {}"]],
  [["run", "-c", "true", "-x", "1", "-e", "probe begin {}"]],
  [["run", "-G", "n", "-e", "probe begin {}"]],
  [["run", "-D", "MAXACTION=much", "-e", "probe begin {}"]],
  [["check"]],
  [["check", "--pass", "run", "-e", "probe begin {}"]],
  [["check", "-e", "probe begin {}", "file.stp"]],
  [["list"]],
  [["list", "a", "b"]],
  [["doctor", "me"]],
  [["notebook"]],
  [["notebook", "walk", "a.ipynb"]],
  [["notebook", "run"]],
  [["notebook", "run", "a.ipynb", "--timeout", "never"]],
  [["install", "--user", "--sys-prefix"]],
  [["install", "here"]],
])("wrong use %j is status 2, with the usage on standard error", async (args) => {
  const { status, stdout, stderr } = await tapbook(args);
  expect({ status, stdout: stdout.toString() }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^(tapbook.*\n)?usage: tapbook/);
});

/** What set-up does on machines that lack something: tried with a search path on which almost nothing is. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingCapabilities, privilegeAdvice } from "../../scripts/setup/privilege.mjs";
import { describeUnless, project } from "./checkout.js";

const isRoot = process.getuid?.() === 0;
const nobody = 65534;

describe("set-up", () => {
  const folder = mkdtempSync(join(tmpdir(), "tapbook-set-up-"));
  const checkout = join(folder, "checkout");
  const programs = join(folder, "programs");
  const calls = join(folder, "calls");

  beforeEach(() => {
    rmSync(programs, { recursive: true, force: true });
    rmSync(checkout, { recursive: true, force: true });
    rmSync(calls, { force: true });
    mkdirSync(programs);
    // A copy, since this checkout need not be readable by the user that plays the one without rights.
    cpSync(join(project, "scripts"), join(checkout, "scripts"), { recursive: true });
    // Whatever this user's umask: the other one reads and writes here.
    execFileSync("chmod", ["-R", "a+rwX", folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A program that only writes down how it was called. */
  function provide(name: string): void {
    writeFileSync(join(programs, name), `#!/bin/sh\necho "${name} $*" >> ${calls}\n`);
    chmodSync(join(programs, name), 0o755);
  }

  function inCheckout(expression: string, as: { uid?: number; gid?: number } = {}) {
    const code = `import("${checkout}/scripts/setup/${expression}.catch((e) => { console.error(e.message); process.exit(1); })`;
    return spawnSync(process.execPath, ["-e", code], { env: { PATH: programs }, encoding: "utf8", ...as });
  }

  const ensure = 'packages.mjs").then((m) => m.ensureBuildPackages())';

  // Which package holds the compiler, by each distribution's own package search.
  test.each([
    ["apt-get", "sudo apt-get install -y --no-install-recommends g++ "],
    ["dnf", "sudo dnf install -y gcc-c++ "],
    ["pacman", "sudo pacman -S --needed --noconfirm gcc "],
    ["zypper", "sudo zypper --non-interactive install gcc-c++ "],
    ["apk", "sudo apk add g++ "],
  ])("without root and with %s: prints the command and installs nothing", (manager, command) => {
    provide(manager);
    const { status, stderr } = inCheckout(ensure, isRoot ? { uid: nobody, gid: nobody } : {});
    expect(status).toBe(1);
    expect(stderr).toContain(command);
    expect(existsSync(calls)).toBe(false);
  });

  test("without a package manager that it knows: says what is missing", () => {
    const { status, stderr } = inCheckout(ensure);
    expect(status).toBe(1);
    expect(stderr).toMatch(/missing: a C\+\+ compiler, make, Python 3.*libbpf.*zlib/);
  });

  describeUnless(isRoot ? null : "only root is root", "as root", () => {
    test("tells what it does, does it, and looks whether that has helped", () => {
      provide("apt-get");
      const { status, stdout, stderr } = inCheckout(ensure);
      expect(stdout).toContain("installing g++ make python3");
      const [first, second] = readFileSync(calls, "utf8").split("\n");
      expect(first).toBe("apt-get update");
      expect(second).toMatch(/^apt-get install -y --no-install-recommends g\+\+ make python3 .*libbpf-dev/);
      expect(status).toBe(1);
      expect(stderr).toContain("still missing after the installation: a C++ compiler");
    });
  });

  test("a step runs again when its input changes or its output is gone, and only then", () => {
    mkdirSync(join(checkout, "input"));
    writeFileSync(join(checkout, "input", "a.txt"), "1");
    const step = '{ name: "s", inputs: ["input"], outputs: ["output"] }';
    const work = `() => require("node:fs").writeFileSync("${checkout}/output", "")`;
    const run = (): string =>
      inCheckout(`stamp.mjs").then((m) => m.whenChanged(${step}, ${work})).then(console.log)`).stdout.trim();
    expect([run(), run()]).toEqual(["true", "false"]);
    writeFileSync(join(checkout, "input", "a.txt"), "2");
    expect([run(), run()]).toEqual(["true", "false"]);
    rmSync(join(checkout, "output"));
    expect([run(), run()]).toEqual(["true", "false"]);
  });

  test("a step that failed runs again", () => {
    const step = '{ name: "s", inputs: [], outputs: [] }';
    const failing = `stamp.mjs").then((m) => m.whenChanged(${step}, () => { throw new Error("broken") }))`;
    expect([inCheckout(failing).status, inCheckout(failing).status]).toEqual([1, 1]);
  });
});

describe("the right to trace", () => {
  // CapEff as /proc/self/status shows it; the bits are those of linux/capability.h.
  const status = (...bits: number[]): string =>
    `Name:\tnode\nCapEff:\t${bits
      .reduce((sum, bit) => sum + (1n << BigInt(bit)), 0n)
      .toString(16)
      .padStart(16, "0")}\n`;

  test.each([
    ["none", [], ["CAP_BPF", "CAP_PERFMON"]],
    ["CAP_BPF alone", [39], ["CAP_PERFMON"]],
    ["CAP_PERFMON alone", [38], ["CAP_BPF"]],
    ["both", [38, 39], []],
    ["CAP_SYS_ADMIN", [21], []],
  ])("with %s", (_, bits, missing) => {
    expect(missingCapabilities(status(...bits))).toEqual(missing);
  });

  test("names what is missing and the command that grants it", () => {
    const advice = privilegeAdvice(["CAP_PERFMON"], false);
    expect(advice).toContain("lacks CAP_PERFMON.");
    expect(advice).toMatch(/sudo setcap cap_bpf,cap_perfmon=ep "/);
    expect(privilegeAdvice([], false)).toBeNull();
  });
});

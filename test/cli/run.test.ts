import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entry, nobody, start, tapbook, withFolder, workload, type Outcome } from "./tapbook.js";

const run = (script: string, ...more: string[]): Promise<Outcome> => tapbook(["run", "-e", script, ...more]);

describe("what a script prints", () => {
  test("goes to standard output to the byte, and nothing else does", async () => {
    const { status, stdout, stderr } = await run('probe begin { printf("\\377\\000é%d", -7) exit() }');
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect([...stdout]).toEqual([0xff, 0x00, 0xc3, 0xa9, 0x2d, 0x37]);
  });

  test("local times are those of TZ", async () => {
    const script = "probe begin { println(tz_gmtoff()); println(tz_ctime(86399)); println(tz_name()); exit() }";
    const { stdout } = await tapbook(["run", "-e", script], { env: { ...process.env, TZ: "NPT-5:45" } });
    // Nepal is 5:45 ahead all year round.
    expect(stdout.toString()).toBe("-20700\nFri Jan  2 05:44:59 1970 NPT\nNPT\n");
  });

  test.each(["0", "1"])("cpu() in user space is the one that runs the handler: %s", (cpu) => {
    const script = "probe begin { println(cpu()) exit() }";
    const ran = spawnSync("taskset", ["-c", cpu, process.execPath, entry, "run", "-e", script], { encoding: "utf8" });
    expect(ran).toMatchObject({ status: 0, stdout: `${cpu}\n` });
  });

  test("begin, timers and end follow one another", async () => {
    const { status, stdout } = await run(
      'global n probe begin { print("b") } probe timer.ms(20) { print("t") if (++n == 3) exit() } probe end { print("e") }',
    );
    expect({ status, text: stdout.toString() }).toEqual({ status: 0, text: "bttte" });
  });

  test("-o takes it, with what system() prints, and leaves standard output empty", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "out");
      const script = 'probe begin { println("one") system("echo two; echo three >&2") }';
      const { status, stdout, stderr } = await run(script, "-o", file);
      expect({ status, stdout: stdout.toString(), stderr }).toEqual({ status: 0, stdout: "", stderr: "three\n" });
      expect(readFileSync(file, "utf8")).toBe("one\ntwo\n");
    });
  });

  test("-S goes on in another file, and keeps the last ones", async () => {
    await withFolder(async (folder) => {
      // 40 lines of 64 KiB each are 2.5 MiB.
      const lines =
        'probe begin { for (i = 0; i < 40; i++) { for (j = 0; j < 4095; j++) print("abcdefghijklmnop") printf("%15d\\n", i) } }';
      const { status, stdout } = await run(lines, "-o", join(folder, "out"), "-S", "1,2");
      expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: "" });
      expect(readdirSync(folder).toSorted()).toEqual(["out.1", "out.2"]);
      const numbers = (name: string): number[] =>
        readFileSync(join(folder, name), "latin1")
          .trimEnd()
          .split("\n")
          .map((line) => Number(line.slice(-15)));
      // Sixteen lines fill a mebibyte exactly.
      expect(numbers("out.1")).toEqual(Array.from({ length: 16 }, (_, index) => 16 + index));
      expect(numbers("out.2")).toEqual(Array.from({ length: 8 }, (_, index) => 32 + index));
    });
  });

  test("switch_file() goes on in another file before one is full, which changes nothing where there is one only", async () => {
    await withFolder(async (folder) => {
      const lines = "probe begin { for (i = 0; i < 3; i++) { println(i) switch_file() } println(9) }";
      const rotating = await run(lines, "-o", join(folder, "out"), "-S", "1,2");
      const plain = await run(lines, "-o", join(folder, "one"));
      expect([rotating.status, plain.status]).toEqual([0, 0]);
      expect(
        Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "latin1")])),
      ).toEqual({ "out.2": "2\n", "out.3": "9\n", one: "0\n1\n2\n9\n" });
    });
  });

  test("-S without -o, or with what is no size, is wrong use", async () => {
    expect(await run("probe begin {}", "-S", "1")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("give -o FILE, too"),
    });
    const bad = await run("probe begin {}", "-o", "/dev/null", "-S", "0,2");
    expect(bad).toMatchObject({ status: 2, stderr: expect.stringContaining("not 0,2") });
  });

  test("--no-global-var-display leaves them out", async () => {
    const { status, stdout } = await run("global n probe begin { n = 5 println(1) }", "--no-global-var-display");
    expect({ status, text: stdout.toString() }).toEqual({ status: 0, text: "1\n" });
  });

  test("globals that nothing reads are printed at the end, the largest first", async () => {
    const { stdout } = await run(
      'global n, a, s, t probe begin { n = 5 a["x"] = 1 a["y\\n"] = 2 s <<< 3 s <<< 6 t = "é" }',
    );
    expect(stdout.toString()).toBe('n=5\na["y\n"]=2\na["x"]=1\ns @count=2 @min=3 @max=6 @sum=9 @avg=4\nt="é"\n');
  });

  test("a histogram is drawn where it is printed", async () => {
    const { stdout } = await run("global s probe begin { s <<< 3 print(@hist_log(s)) println(1) }");
    expect(stdout.toString()).toMatch(/^value \|-{50} count\n[^]*\n {4}2 \|@ +1\n[^]*\n\n1\n$/);
  });
});

describe("warnings and errors", () => {
  test("a warning is shown once on standard error and changes no status", async () => {
    const { status, stdout, stderr } = await run('probe begin { warn("é") warn("é") warn("other\\n") }');
    expect({ status, stdout: stdout.toString(), stderr }).toEqual({
      status: 0,
      stdout: "",
      stderr: "WARNING: é\nWARNING: other\n",
    });
  });

  test("an error ends the run with status 1, error probes run in place of end probes", async () => {
    const { status, stdout, stderr } = await run(
      'probe begin { println(1 / $1) } probe end { print("end") } probe error { print("error") }',
      "0",
    );
    expect({ status, text: stdout.toString() }).toEqual({ status: 1, text: "error" });
    expect(stderr).toMatch(
      /^ERROR: division by 0 near .* at <input>:1:\d+ in probe begin\nWARNING: Number of errors: 1, skipped probes: 0\n/,
    );
  });

  test("an error that MAXERRORS lets through is status 1 all the same, and end probes are not lost", async () => {
    const script = 'global n probe timer.ms(10) { if (++n == 3) exit() if (n < 3) error("oh") }';
    const { status, stderr } = await run(script, "-D", "MAXERRORS=5");
    expect(status).toBe(1);
    expect(stderr.match(/^ERROR: oh /gm)).toHaveLength(2);
    expect(stderr).toContain("WARNING: Number of errors: 2, skipped probes: 0\n");
  });

  test("a script that is refused is status 1, with its place on standard error", async () => {
    const { status, stdout, stderr } = await run("probe begin { x = }");
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("--> <input>:1:19\n");
  });

  test("what cannot be read or written is one sentence", async () => {
    await withFolder(async (folder) => {
      const missing = await tapbook(["run", join(folder, "no.stp")]);
      expect(missing).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^tapbook: .*no\.stp cannot be read: there is no such file\n$/),
      });
      const directory = await tapbook(["run", folder]);
      expect(directory).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^tapbook: .* cannot be read: it is a directory\n$/),
      });
      writeFileSync(join(folder, "secret.stp"), "probe begin {}", { mode: 0o600 });
      const secret = await tapbook(["run", join(folder, "secret.stp")], nobody);
      expect(secret).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^tapbook: .* cannot be read: permission denied\n$/),
      });
      const output = await run("probe begin {}", "-o", join(folder, "no", "out"));
      expect(output).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^tapbook: .* cannot be written: there is no such file\n$/),
      });
    });
  });

  test("without privilege a traced script is refused in one sentence, one without probes runs", async () => {
    const traced = await tapbook(["run", "-e", "probe syscall.read { exit() }"], nobody);
    expect(traced.status).toBe(1);
    expect(traced.stderr).toMatch(/^ERROR: tracing needs CAP_BPF and CAP_PERFMON, [^\n]*\n$/);
    const plain = await tapbook(["run", "-e", 'probe begin { println("hi") exit() }'], nobody);
    expect({ status: plain.status, text: plain.stdout.toString() }).toEqual({ status: 0, text: "hi\n" });
  });
});

describe("what goes into a script", () => {
  test("arguments as numbers and as text, from the command line and for a file", async () => {
    const script = 'probe begin { println($1 + 1, " ", @2, " ", $#) }';
    expect((await run(script, "41", "a b")).stdout.toString()).toBe("42 a b 2\n");
    expect((await run(script, "--", "-1", "-e")).stdout.toString()).toBe("0 -e 2\n");
    await withFolder(async (folder) => {
      const file = join(folder, "script.stp");
      writeFileSync(file, `#!/usr/bin/env tapbook\n${script}\n`);
      expect((await tapbook(["run", file, "41", "a b"])).stdout.toString()).toBe("42 a b 2\n");
    });
  });

  test("a script from standard input", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "script.stp");
      writeFileSync(file, 'probe begin { println("from stdin") }');
      const shell = spawn("/bin/sh", [
        "-c",
        '"$0" "$1" run - < "$2"',
        process.execPath,
        (await import("./tapbook.js")).entry,
        file,
      ]);
      const text = await new Promise((resolve) => shell.stdout.on("data", (data: Buffer) => resolve(data.toString())));
      expect(text).toBe("from stdin\n");
    });
  });

  test("-G wins over an initialiser", async () => {
    const { stdout } = await run(
      'global n = 1, s = "x", m = 3 probe begin { println(n, s, m) }',
      "-G",
      "n=7",
      "-G",
      "s=a=b",
    );
    expect(stdout.toString()).toBe("7a=b3\n");
  });

  test("-D sets the limits of the language", async () => {
    const long = 'global s = "0123456789abcdefghij" probe begin { x = s . "!" println(strlen(x)) }';
    expect((await run(long, "-D", "MAXSTRINGLEN=16")).stdout.toString()).toBe("15\n");
    const loop = "probe begin { for (i = 0; i < 1000; i++) {} println(1) }";
    const short = await run(loop, "-DMAXACTION=10");
    expect(short).toMatchObject({ status: 1, stderr: expect.stringContaining("ERROR: MAXACTION exceeded") });
    expect((await run(loop)).stdout.toString()).toBe("1\n");
    const entries = await run("global a probe begin { for (i = 0; i < 5; i++) a[i] = i }", "-D", "MAXMAPENTRIES=4");
    expect(entries).toMatchObject({ status: 1, stderr: expect.stringContaining("ERROR: Array overflow") });
    const nesting = "function f(n) { if (n == 0) return 0 return f(n - 1) } probe begin { println(f(15)) }";
    expect((await run(nesting)).stdout.toString()).toBe("0\n");
    expect(await run(nesting, "-D", "MAXNESTING=5")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("MAXNESTING exceeded"),
    });
  });

  test("-D HIST_WIDTH and HIST_ELISION draw what a probe prints, too", async () => {
    const script = `global s probe syscall.getppid { if (pid() == target()) { s <<< 100 if (@count(s) == 30) { s <<< 1 print(@hist_log(s)) } } }`;
    const command = `${workload} syscalls getppid --count 30 > /dev/null`;
    const { status, stdout } = await run(script, "-D", "HIST_WIDTH=10", "-DHIST_ELISION=-1", "-c", command);
    expect(status).toBe(0);
    expect(stdout.toString().split("\n")).toEqual([
      "value |---------- count",
      "    0 |            0",
      "    1 |            1",
      ...["    2", "    4", "    8", "   16", "   32"].map((value) => `${value} |            0`),
      "   64 |@@@@@@@@@@ 30",
      "  128 |            0",
      "  256 |            0",
      "",
      "",
    ]);
  });

  test("-D of SystemTap's own runtime is told to do nothing", async () => {
    const { status, stderr } = await run("probe begin {}", "-DSTP_NO_OVERLOAD");
    expect(status).toBe(0);
    expect(stderr).toMatch(/^WARNING: -D STP_NO_OVERLOAD changes nothing here/);
  });
});

describe("how long a run lasts", () => {
  test("-T ends it with its end probes and status 0", async () => {
    const begin = Date.now();
    const { status, stdout } = await run('probe timer.s(60) {} probe end { print("end") }', "-T", "0.3");
    expect({ status, text: stdout.toString() }).toEqual({ status: 0, text: "end" });
    expect(Date.now() - begin).toBeGreaterThan(300);
    expect(Date.now() - begin).toBeLessThan(10_000);
  });

  test("-c: the command's process is target(), and exactly its calls are counted", async () => {
    const script = "global n probe syscall.getppid { if (pid() == target()) n++ } probe end { println(n) }";
    const { status, stdout, stderr } = await run(script, "-c", `${workload} syscalls getppid --count 2345`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const [report, count] = stdout.toString().trimEnd().split("\n");
    expect(JSON.parse(report!)).toMatchObject({ calls: { getppid: 2345 } });
    expect(count).toBe("2345");
  });

  test("-c lasts as long as the command, also where no event could come", async () => {
    const { status, stdout } = await run(
      'probe begin { println("begin") } probe end { println("end") }',
      "-c",
      "sleep 0.2; echo command",
    );
    expect({ status, text: stdout.toString() }).toEqual({ status: 0, text: "begin\ncommand\nend\n" });
  });

  test("a command that fails is a warning and status 1; one that cannot be found, too", async () => {
    expect(await run("probe begin {}", "-c", "exit 3")).toMatchObject({
      status: 1,
      stderr: "WARNING: Child process exited with status 3\n",
    });
    const missing = await run("probe begin {}", "-c", "no-such-program-here");
    expect(missing).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("WARNING: Child process exited with status 127\n"),
    });
  });

  test("a script that is refused never runs the command", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "ran");
      expect((await run("probe nonsense.x {}", "-c", `touch ${file}`)).status).toBe(1);
      expect(() => readFileSync(file)).toThrow("ENOENT");
    });
  });

  test("exit() ends a command that is still running, which is nobody's failure", async () => {
    const begin = Date.now();
    const { status, stderr } = await run("probe timer.ms(100) { exit() }", "-c", "sleep 30");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(Date.now() - begin).toBeLessThan(10_000);
  });

  test("-x lets target() be another process, of which exactly the calls are counted", async () => {
    const child = spawn(workload, ["syscalls", "getppid", "--count", "321", "--wait", "--hold"]);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    try {
      const script = `global n, told probe syscall.getppid { if (pid() == target()) n++ } probe end { println(n) }
        probe timer.ms(20) { if (!told++) println("counting") if (n >= 321) exit() }`;
      const running = start(["run", "-e", script, "-x", String(child.pid), "-T", "60"]);
      await running.hasPrinted("counting\n");
      child.stdin.write("\n");
      const { status, stdout } = await running.finished;
      expect({ status, text: stdout.toString() }).toEqual({ status: 0, text: "counting\n321\n" });
    } finally {
      child.kill();
    }
  });

  test("-x of a process that is not there is refused", async () => {
    expect(await run("probe begin {}", "-x", "4194304")).toMatchObject({
      status: 1,
      stderr: "tapbook: there is no process 4194304\n",
    });
  });
});

describe("what a run could not do is told on standard error", () => {
  test("lines that found the buffer full: those that came and those that are told add up", async () => {
    const calls = 300_000;
    // The timer waits until all calls are made, and meanwhile nobody empties the buffer.
    const script = `global n
      probe syscall.getppid { if (pid() == target()) printf("%s%s%s%s%s%d\\n", execname(), execname(), execname(), execname(), execname(), n++) }
      probe timer.ms(1) { while (n > 0 && n < ${calls}) {} }`;
    const { status, stdout, stderr } = await run(
      script,
      "-c",
      `${workload} syscalls getppid --count ${calls} > /dev/null`,
    );
    expect(status).toBe(0);
    const lost = Number(/^WARNING: There were (\d+) transport failures\.$/m.exec(stderr)?.[1]);
    const lines = stdout.toString().match(/\n/g)?.length ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(lines + lost).toBe(calls);
    expect(stderr).toMatch(
      new RegExp(`^WARNING: Number of errors: 0, skipped probes: 0$[^]*^events .* lost ${lost} `, "m"),
    );
  });

  test("an array that is full is an error, as in SystemTap", async () => {
    const script =
      "global a[10], n probe syscall.getppid { if (pid() == target()) a[n++] = 1 } probe error { println(n) }";
    const { status, stderr } = await run(script, "-c", `${workload} syscalls getppid --count 50 > /dev/null`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ERROR: Array overflow, check size limit \(10\) near [^]*^events .* map-full 1 /m);
  });
});

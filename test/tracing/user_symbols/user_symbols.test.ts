/** Names of addresses in running programs, which say themselves where their functions lie. */
import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { cpuUsage } from "node:process";
import { loadNative } from "../../../kernel/tracing/native.js";
import { UserSymbols } from "../../../kernel/tracing/user_symbols/user_symbols.js";
import { TestPrograms, linesOf } from "../../native/elf/programs.js";
import { ReportingProcess } from "../../native/elf/reporting_process.js";

const native = loadNative();
const programs = new TestPrograms();
const pie = programs.program("pie", ["-O2", "-g", "-pie", "-fPIE"]);
const fixed = programs.program("fixed", ["-O2", "-no-pie"]);
// Data, code and read-only data share pages of the file, as other linkers lay it out.
const dense = programs.program("dense", ["-O2", "-pie", "-fPIE", "-Wl,-z,noseparate-code"]);
const handles = native.openHandles();

let symbols: UserSymbols;
beforeEach(() => (symbols = new UserSymbols(native)));
afterEach(() => {
  symbols.close();
  expect(native.openHandles()).toBe(handles);
});
afterAll(() => programs.remove());

async function running<T>(
  look: (process: ReportingProcess) => T | Promise<T>,
  ...command: readonly string[]
): Promise<T> {
  const [program, ...words] = command;
  const process = await ReportingProcess.start(program!, ...words);
  try {
    return await look(process);
  } finally {
    await process.end();
  }
}

const own = ["add_numbers", "weak_step", "inner_step", "shared_counter", "message"];
const borrowed = ["library_answer", "library_weak", "library_number"];

function expectNames(process: ReportingProcess, names: readonly string[], module: string): void {
  const addresses = names.map((name) => process.address(name));
  expect(symbols.symbols(process.pid, addresses)).toEqual(
    names.map((name) => expect.objectContaining({ name, offset: 0n, module })),
  );
  for (const name of names) {
    expect(symbols.symbol(process.pid, process.address(name) + 3n)).toMatchObject({ name, offset: 3n, module });
  }
}

test.each([
  ["a program that lies anywhere", pie],
  ["a program with a fixed place", fixed],
  ["a program whose segments share pages", dense],
])("%s and its library: functions and variables", async (_, path) => {
  await running((process) => {
    expectNames(process, own, path);
    expectNames(process, borrowed, programs.library);
  }, path);
});

test("the line of source, and none where nothing says", async () => {
  await running((process) => {
    const place = linesOf("nm", pie)
      .find((text) => text.endsWith(" add_numbers"))!
      .split(" ")[0]!;
    const [expected] = linesOf("addr2line", "-e", pie, place);
    const line = symbols.line(process.pid, process.address("add_numbers"));
    expect(`${line?.file}:${line?.line}`).toBe(expected);
    expect(symbols.line(process.pid, process.address("shared_counter"))).toBeNull();
    expect(symbols.line(process.pid, 16n)).toBeNull();
  }, pie);
  await running((process) => {
    expect(symbols.line(process.pid, process.address("add_numbers"))).toBeNull();
  }, fixed);
});

test("the kernel's code in every process, and memory of nobody", async () => {
  await running((process) => {
    expect(symbols.symbol(process.pid, process.address("vdso"))).toMatchObject({
      name: expect.stringMatching(/clock_gettime$/),
      offset: 0n,
      module: "[vdso]",
    });
    const maps = readFileSync(`/proc/${process.pid}/maps`, "latin1");
    const stack = BigInt(`0x${/^(\w+)-.*\[stack\]$/m.exec(maps)![1]}`);
    expect(symbols.symbol(process.pid, stack + 8n)).toMatchObject({ name: null, module: "[stack]" });
    expect(symbols.symbol(process.pid, 16n)).toBeNull();
  }, pie);
});

test("a stripped program: the module and the place in its file", async () => {
  const stripped = programs.path("stripped");
  copyFileSync(pie, stripped);
  execFileSync("strip", [stripped]);
  const elf = native.openElf(pie);
  const [inner] = elf.functions("inner_step");
  elf.close();
  await running((process) => {
    expect(symbols.symbol(process.pid, process.address("inner_step"))).toEqual({
      name: null,
      offset: inner!.address,
      size: 0n,
      module: stripped,
    });
  }, stripped);
});

test("a process that ended after it was remembered; one that nobody looked at has no names", async () => {
  const [remembered, missed] = await Promise.all([ReportingProcess.start(pie), ReportingProcess.start(pie)]);
  expect(symbols.remember(remembered.pid)).toBe(true);
  await Promise.all([remembered.end(), missed.end()]);
  expectNames(remembered, own, pie);
  expect(symbols.remember(missed.pid)).toBe(false);
  expect(symbols.symbol(missed.pid, missed.address("add_numbers"))).toBeNull();
});

test("a process that ended, by somebody's record of its mappings", async () => {
  const process = await ReportingProcess.start(pie);
  const maps = readFileSync(`/proc/${process.pid}/maps`, "latin1");
  await process.end();
  symbols.rememberMappings(process.pid, maps);
  expectNames(process, own, pie);
  expectNames(process, borrowed, programs.library);
});

test("a record is not read with a file that took the old one's place", async () => {
  const replaced = programs.path("replaced");
  copyFileSync(pie, replaced);
  const process = await ReportingProcess.start(replaced);
  const maps = readFileSync(`/proc/${process.pid}/maps`, "latin1");
  await process.end();
  copyFileSync(fixed, `${replaced}.new`);
  renameSync(`${replaced}.new`, replaced);
  symbols.rememberMappings(process.pid, maps);
  expect(symbols.symbol(process.pid, process.address("add_numbers"))).toMatchObject({ name: null, module: replaced });
});

test("a program whose file was removed, or replaced, while it runs", async () => {
  const removed = programs.path("removed");
  copyFileSync(pie, removed);
  await running((process) => {
    unlinkSync(removed);
    expectNames(process, own, removed);
    copyFileSync(fixed, removed);
    const later = new UserSymbols(native);
    expect(later.symbol(process.pid, process.address("inner_step"))).toMatchObject({ name: "inner_step", offset: 0n });
    later.close();
  }, removed);
});

describe("another mount namespace", () => {
  const hidden = programs.path("hidden");
  mkdirSync(hidden);
  const inside = `${hidden}/program`;
  // Only this process sees what is mounted here.
  const script = `mount -t tmpfs none ${hidden} && cp ${pie} ${inside} && exec ${inside}`;

  test("its files are found", async () => {
    await running(
      (process) => {
        expect(existsSync(inside)).toBe(false);
        expectNames(process, own, inside);
        expectNames(process, borrowed, programs.library);
      },
      "unshare",
      "-m",
      "sh",
      "-c",
      script,
    );
  });

  test("also after it ended, and its file system with it", async () => {
    const process = await ReportingProcess.start("unshare", "-m", "sh", "-c", script);
    symbols.remember(process.pid);
    await process.end();
    expectNames(process, own, inside);
  });

  test("code made at run time is named in its own /tmp, under its own number", async () => {
    const map = `mount -t tmpfs none /tmp && echo 'deadbee00000 100 inner' >/tmp/perf-1.map`;
    const words = ["--mount-proc", "-m", "-p", "-f", "--kill-child", "sh", "-c", `${map} && echo result 1; read line`];
    await running(
      (outer) => {
        const children = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, "latin1");
        expect(symbols.symbol(Number(children), 0xdeadbee00010n)).toMatchObject({ name: "inner", offset: 16n });
      },
      "unshare",
      ...words,
    );
  });
});

test("a process that becomes another program is looked at again", async () => {
  const script = `${fixed} </dev/null >/dev/null; read line; exec ${pie}`;
  const shell = spawn("sh", ["-c", script]);
  expect(symbols.remember(shell.pid!)).toBe(true);
  let text = "";
  await new Promise<void>((resolve) => {
    shell.stdout.on("data", (data: Buffer) => {
      text += data.toString();
      if (text.includes("result")) resolve();
    });
    shell.stdin.write("\n");
  });
  const address = BigInt(/add_numbers (0x[0-9a-f]+)/.exec(text)![1]!);
  expect(symbols.symbol(shell.pid!, address)).toMatchObject({ name: "add_numbers", module: pie });
  const ended = new Promise((resolve) => shell.once("close", resolve));
  shell.stdin.end();
  await ended;
});

test("JavaScript functions that Node names", async () => {
  const code = `function busyWork(n) { let sum = 0; for (let i = 0; i < n; i++) sum += i % 7; return sum }
    for (let i = 0; i < 300; i++) busyWork(20000);
    console.log("result 1"); process.stdin.resume()`;
  const process = await ReportingProcess.start(
    globalThis.process.execPath,
    "--perf-basic-prof",
    "--no-logfile-per-isolate",
    "--logfile=/dev/null",
    "-e",
    code,
  );
  const map = `/tmp/perf-${process.pid}.map`;
  try {
    const [, start, size] = /^(\w+) (\w+) \S*busyWork.*$/m.exec(readFileSync(map, "utf8"))!;
    expect(symbols.symbol(process.pid, BigInt(`0x${start}`) + 2n)).toMatchObject({
      name: expect.stringContaining("busyWork"),
      offset: 2n,
      size: BigInt(`0x${size}`),
    });
  } finally {
    await process.end();
    rmSync(map, { force: true });
  }
});

test("by build id and place in the file", async () => {
  await running((process) => {
    const elf = native.openElf(pie);
    const [add] = elf.functions("add_numbers");
    const { buildId } = elf;
    elf.close();
    expect(symbols.inBuild(buildId, add!.offset + 1n)).toBeNull();
    symbols.remember(process.pid);
    expect(symbols.inBuild(buildId, add!.offset + 1n)).toMatchObject({ name: "add_numbers", offset: 1n, module: pie });
  }, pie);
});

test("ten thousand addresses take less than a second of processor time, twice", async () => {
  await running((process) => {
    const start = process.address("add_numbers");
    const library = process.address("library_answer");
    const addresses = Array.from(
      { length: 10_000 },
      (_, index) => (index % 2 === 0 ? start : library) + BigInt(index % 8),
    );
    const before = cpuUsage();
    const names = symbols.symbols(process.pid, addresses);
    expect(symbols.symbols(process.pid, addresses)).toEqual(names);
    const { user, system } = cpuUsage(before);
    expect(user + system).toBeLessThan(1_000_000);
    expect(names.filter((symbol) => symbol?.name === "add_numbers")).toHaveLength(5000);
  }, pie);
});

test("a file that is not there in time is no reason to give up", () => {
  writeFileSync(programs.path("nothing"), "");
  symbols.rememberMappings(1 << 30, `1000-2000 r-xp 00000000 00:01 7 ${programs.path("nothing")}\n`);
  expect(symbols.symbol(1 << 30, 0x1234n)).toEqual({
    name: null,
    offset: 0x234n,
    size: 0n,
    module: programs.path("nothing"),
  });
});

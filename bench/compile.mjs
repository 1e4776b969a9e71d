/** How long the compiler takes from text to bytecode, once it is warm. */
import { readFileSync } from "node:fs";
import { root } from "./machine.mjs";
import { spread, table } from "./samples.mjs";

const WARM_UP = 30;
const LINES = 500;
const AIMS = { tour: "10", long: "50" };

/** The tour's scripts that stand by themselves, by their first words. */
function tourScripts() {
  const { cells } = JSON.parse(readFileSync(`${root}notebooks/tour.ipynb`, "utf8"));
  return cells
    .filter(({ cell_type: kind }) => kind === "code")
    .map(({ source }) => [source].flat().join(""))
    .filter((code) => code.startsWith("%%trace"))
    .map((code) => code.slice(code.indexOf("\n") + 1));
}

/** What a long script of a user does, over and over: latency by program, sizes, errors, the slowest told at once. */
function longScript() {
  const calls = "read write openat close lseek newfstatat statx futex getppid sched_yield poll".split(" ");
  const lines = ["global started, latency, sizes, errors, slowest, last"];
  lines.push(
    "function worth:long (name:string, took:long) {",
    '  if (name == "" || took < 0) return 0',
    "  if (took > slowest[name]) { slowest[name] = took; return 1 }",
    "  return 0",
    "}",
  );
  for (let number = 0; lines.length < LINES - 8; number++) {
    const call = calls[number % calls.length];
    lines.push(
      `probe syscall.${call} {`,
      "  started[tid()] = gettimeofday_ns()",
      `  last[tid()] = sprintf("%s %d", execname(), ${number})`,
      "}",
      `probe syscall.${call}.return {`,
      "  if (!(tid() in started)) next",
      "  took = gettimeofday_ns() - started[tid()]",
      "  delete started[tid()]",
      "  latency[execname(), name] <<< took",
      "  if (retval < 0) errors[name, errno_str(retval)]++",
      "  else sizes[execname()] <<< retval",
      "  for (tens = 0; took > 9; tens++) took /= 10",
      "  if (worth(execname(), tens))",
      `    printf("%-16s %s(%s) 10^%d ns after %s\\n", execname(), name, argstr, tens, last[tid()])`,
      "}",
    );
  }
  while (lines.length < LINES - 5) lines.push("# …");
  lines.push("probe end {", "  foreach ([who, call] in latency @sum- limit 20)");
  lines.push('    printf("%s %s %d\\n", who, call, @avg(latency[who, call]))');
  lines.push("  print(@hist_log(sizes[execname()]))", "}");
  return lines.join("\n");
}

function measure(session, text, runs) {
  const times = [];
  for (let run = -WARM_UP; run < runs; run++) {
    const start = performance.now();
    const { script, diagnostics } = session.compile(text, { name: "bench.stp" });
    const took = performance.now() - start;
    if (!script) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
    if (run >= 0) times.push(took);
  }
  const { script } = session.compile(text, { name: "bench.stp" });
  const instructions = script.programs.reduce((sum, program) => sum + program.instructions.length / 8, 0);
  return { times: spread(times), instructions: String(instructions) };
}

export async function benchCompile({ runs }) {
  const { Session } = await import(`${root}dist/kernel/session/session.js`);
  const { catalogue } = await import(`${root}dist/kernel/session/catalogue.js`);
  const { loadNative } = await import(`${root}dist/kernel/tracing/native.js`);
  const session = new Session({ native: loadNative(), catalogue, mode: "script" });
  try {
    const row = (title, text, aim) => {
      const { times, instructions } = measure(session, text, runs);
      return [title, String(text.split("\n").length), instructions, times, aim];
    };
    const globals = "global t, lat\n";
    const tour = tourScripts().map((code, index) =>
      row(
        `tour, script ${index + 1}`,
        /\blat\b/.test(code) && !/global.*\blat\b/.test(code) ? globals + code : code,
        AIMS.tour,
      ),
    );
    return `## Compiling

Milliseconds from text to bytecode, median (least–greatest) of ${runs} runs after ${WARM_UP} others.

${table([["", "lines", "instructions", "ms", "aim"], ...tour, row("a long script", longScript(), AIMS.long)])}`;
  } finally {
    session.close();
  }
}

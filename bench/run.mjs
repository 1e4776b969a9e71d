/**
 * What the published numbers come from: `npm run bench -- [start] [compile] [completion] [attach] [active] [cost] [events] [--runs N] [--write]`.
 * Prints Markdown; `--write` puts it into docs/benchmarks.md as well. Needs the right to trace.
 */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { benchActive } from "./active.mjs";
import { benchAttach } from "./attach.mjs";
import { benchCompile } from "./compile.mjs";
import { benchCompletion } from "./completion.mjs";
import { benchCost } from "./cost.mjs";
import { benchEvents } from "./events.mjs";
import { describeMachine, notBuilt, root } from "./machine.mjs";
import { benchStart } from "./start.mjs";

const BENCHES = {
  start: { run: benchStart, runs: 12 },
  compile: { run: benchCompile, runs: 30 },
  completion: { run: benchCompletion, runs: 5 },
  attach: { run: benchAttach, runs: 3 },
  active: { run: benchActive, runs: 15 },
  cost: { run: benchCost, runs: 5 },
  events: { run: benchEvents, runs: 3 },
};

const HEAD = `# Benchmarks

Made by \`npm run bench -- --write\`. Medians, with the least and the greatest run in brackets: on a machine that does other things as well the greatest
say more about those.`;

function options() {
  const { values, positionals } = parseArgs({
    options: { runs: { type: "string" }, write: { type: "boolean" } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !(name in BENCHES));
  if (unknown !== undefined)
    throw new Error(`there is no benchmark ${unknown}, only ${Object.keys(BENCHES).join(", ")}`);
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0)) throw new Error("--runs wants a number above 0");
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  if (values.write && positionals.length > 0) throw new Error("--write wants all benchmarks, not some");
  return { names, runs, write: values.write ?? false };
}

/** bpftrace finds no tracepoint where tracefs is not mounted: everything then runs where it is, which nobody else sees. */
function runWhereTracefsIs() {
  if (existsSync("/sys/kernel/tracing/events") || process.env.TAPBOOK_BENCH_NAMESPACE !== undefined) return;
  const script = 'mount -t tracefs tracefs /sys/kernel/tracing; exec "$@"';
  const env = { ...process.env, TAPBOOK_BENCH_NAMESPACE: "1" };
  const { status } = spawnSync(
    "unshare",
    ["--mount", "sh", "-c", script, "sh", process.execPath, ...process.argv.slice(1)],
    { env, stdio: "inherit" },
  );
  process.exit(status ?? 1);
}

runWhereTracefsIs();
try {
  const { names, runs, write } = options();
  const missing = notBuilt();
  if (missing) throw new Error(missing);
  const sections = [HEAD, describeMachine()];
  console.log(`${sections.join("\n\n")}\n`);
  for (const name of names) {
    const section = await BENCHES[name].run({ runs: runs ?? BENCHES[name].runs });
    console.log(`${section}\n`);
    sections.push(section);
  }
  if (write) {
    const file = `${root}docs/benchmarks.md`;
    const text = await format(sections.join("\n\n"), { ...(await resolveConfig(file)), filepath: file });
    writeFileSync(file, text);
  }
  process.exit(0);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

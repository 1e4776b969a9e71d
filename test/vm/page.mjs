/** docs/kernels.md: what was run on which kernel, and what came of it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { root } from "../../scripts/setup/paths.mjs";

const head = `# Kernels

What \`npm run test:vm -- --write\` saw: our tests on the kernels that Debian ships, each in a virtual machine without
acceleration, and on the machine that ran them. A number is how many tests of a file passed.

Tapbook needs Linux 6.1 or newer. On Linux 5.10, probes that add to plain globals and print run as well, and whatever the
kernel refuses is told in one sentence, such as \`This script needs Linux 6.1 or newer for loops in probes; this is Linux
5.10.\`: that is what \`test/vm/old_kernels.test.ts\` holds.

From Linux 7.0 on (commit a46023d5616e) the kernel may preempt the program of a BTF-typed or raw tracepoint, and while it does,
it does not run that program for other threads on the same CPU. Up to 6.18 nothing was missed. The programs of classic
tracepoints are not preempted. So there system calls, in whichever way a script names them, and \`process.begin\` are attached by
classic tracepoints, two for all system calls, and every event is counted: \`test/vm/preemption.test.ts\` asks for exact counts of
threads that compete for the CPUs. The record of a classic tracepoint has the number, the arguments and the result; at the
return, the arguments come from the registers that the kernel saved when the thread entered it. Closing one takes the kernel
some 70 ms, which is done in the background. Where tracefs cannot be read, the typed tracepoints have to do.
\`kernel.trace\` stays with typed tracepoints, since the record of a classic one has not the arguments that scripts name, and so
does \`process.end\`; functions' programs (fentry, kprobe.multi) can be preempted, too. What these miss the kernel counts, and
a cell shows the number and is red: nothing is missed in silence.

\`@perf\` of a counter with \`.process\` counts the threads that there are when the trace starts, and is an error in later ones. The
kernel has no exact way to them: a counter that new threads inherit is refused by the map from which programs read counters
(EOPNOTSUPP, seen on 6.18), as their parts could be added up only where one may wait; one that is opened when a thread has been
seen to start misses what came before; and differences of a CPU's counter from one \`sched_switch\` to the next end before the
kernel counts the switch itself, and begin with what it did for the thread before.

CI runs the shorter list \`test/vm/ci.txt\` on all of them, and loads the first 200 of its 2,000 generated programs into 6.1
and 6.12, and the first 100 into the newest. All 2,000 of its seed (117252368) have been loaded into 6.1 and 6.12 by
\`TAPBOOK_SEED=117252368 TAPBOOK_PROGRAMS=2000 npm run test:vm\`; the table is of everything.
`;

function cell(results, test) {
  const own = results.filter((result) => result.test === test);
  const count = (wanted) => own.filter(({ status }) => status === wanted).length;
  const [passed, failed, skipped] = [count("passed"), count("failed"), count("skipped")];
  if (own.length === 0) return "–";
  return [passed, ...(failed ? [`**${failed} failed**`] : []), ...(skipped ? [`${skipped} skipped`] : [])].join(", ");
}

/** Each run: `{ kernel, release, results }`. */
export async function writePage(runs) {
  const tests = [...new Set(runs.flatMap(({ results }) => results.map(({ test }) => test)))];
  const titles = runs.map(
    ({ kernel, release }) => `${release}${kernel.suite ? ` (Debian ${kernel.suite})` : " (host)"}`,
  );
  const rows = [
    ["", ...titles],
    ["---", ...titles.map(() => "---")],
    ...tests.map((test) => [`\`${test}\``, ...runs.map(({ results }) => cell(results, test))]),
  ];
  const table = rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
  const failures = runs.flatMap(({ release, results }) =>
    results.filter(({ status }) => status === "failed").map(({ test, title }) => `* ${release}: \`${test}\`: ${title}`),
  );
  const tail = failures.length > 0 ? `\n## What failed\n\n${failures.join("\n")}\n` : "";
  const file = join(root, "docs", "kernels.md");
  const options = { ...(await resolveConfig(file)), filepath: file };
  writeFileSync(file, await format(`${head}\n${table}\n${tail}`, options));
}

/**
 * A thousand kernel functions, attached and detached, and functions listed: in a guest of test/vm, whose kernel has every mechanism
 * and which bpftrace sees as we do.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureDebianPackages } from "../scripts/setup/packages.mjs";
import { fetchKernel, kernels, vmCache } from "../test/vm/kernels.mjs";
import { guestPackages, runInGuest } from "../test/vm/machine.mjs";
import { root } from "./machine.mjs";
import { spread, table } from "./samples.mjs";
import { repeated, timed } from "./timed.mjs";

const KERNEL = "6.12";
const SECONDS = 3600;

const milliseconds = (numbers) => (numbers.length > 0 ? spread(numbers, 0) : "–");

/** What attach_guest.mjs measured, which runs in the guest. */
async function measure(runs) {
  await ensureDebianPackages(guestPackages);
  const kernel = await fetchKernel(kernels.find(({ name }) => name === KERNEL));
  const share = join(vmCache, "runs", "bench");
  const results = join(share, "measured.json");
  const command = `cd '${root}' && ulimit -n 20000 && '${process.execPath}' bench/attach_guest.mjs '${results}' ${runs}`;
  const run = await runInGuest(kernel, { command, share, seconds: SECONDS, whileRunning: () => undefined });
  if (!run.ended || run.status !== 0 || !existsSync(results))
    throw new Error(`the guest has measured nothing:\n${run.output}\n${run.console}`);
  return { release: kernel.release, ...JSON.parse(readFileSync(results, "utf8")) };
}

/** Lists on this machine, whether its functions can be probed or not. */
async function listHere(runs, words) {
  const found = await repeated(runs, () => timed([process.execPath, `${root}bench/list_functions.mjs`, ...words]));
  return { where: "this machine", words, lines: found[0].lines, ...times(found) };
}

const times = (found) => ({ first: found.map(({ first }) => first), all: found.map(({ all }) => all) });

export async function benchAttach({ runs }) {
  const { release, ours, theirs, trace, lists: inGuest, functions, scripts } = await measure(runs);
  const lists = [];
  for (const { words } of inGuest) lists.push(await listHere(runs, words));
  lists.push(...inGuest);
  return `## A thousand kernel functions

Milliseconds, median (least–greatest) of ${runs}, in a virtual machine without acceleration, Linux ${release}: everything takes some twenty times
what it takes on a machine of its own, so only the columns beside each other say something. From spawning the tool until it has exited, the first
event having ended it; the functions are those that fit ${functions.patterns.length} patterns.

${table([
  ["", "Tapbook", "bpftrace"],
  ["`--version`, nothing attached", milliseconds(ours.started), milliseconds(theirs.started)],
  ["one function", milliseconds(ours.one), milliseconds(theirs.one)],
  [`${functions.count} functions`, milliseconds(ours.many), milliseconds(theirs.many)],
])}

The same functions in a session that is running: until all are attached, and from its end until nothing is attached any more.

${table([
  ["", "attach", "detach"],
  ...trace.map(({ mechanism, count, attach, detach }) => [
    `${count} functions by ${mechanism}`,
    milliseconds(attach),
    milliseconds(detach),
  ]),
])}

Listing functions with \`tapbook list\`, from spawning it until its first line, and until its end. The aim for \`vfs_*\` is a second on a machine of
its own.

${table([
  ["", "lines", "first line", "all"],
  ...lists.map(({ where, words, lines, first, all }) => [
    `\`list ${words.join(" ")}\`, ${where}`,
    lines.toLocaleString("en"),
    milliseconds(first),
    milliseconds(all),
  ]),
])}

\`\`\`
${scripts.join("\n")}
\`\`\``;
}

/** Runs in the guest of attach.mjs. Arguments: the file to write what was measured to, and how many times. */
import { readFileSync, writeFileSync } from "node:fs";
import { root } from "./machine.mjs";
import { repeated, timed } from "./timed.mjs";

const [output, runs] = [process.argv[2], Number(process.argv[3])];
const tapbook = [process.execPath, `${root}dist/kernel/cli/main.js`];

const WANTED = 1000;

/** Parts of the kernel that every machine has, until there are enough functions. */
const PATTERNS =
  "tcp_* vfs_* ip_* skb_* sock_* inet_* napi_* dev_* blk_* bio_* elv_* kmem_* mem_* udp_* fib_* neigh_* xfrm_*".split(
    " ",
  );

function functionsThatFit(pattern) {
  const start = pattern.replace("*", "");
  return reachable.filter((name) => name.startsWith(start)).length;
}

const reachable = readFileSync("/sys/kernel/tracing/available_filter_functions", "latin1")
  .split("\n")
  // What the compiler has made of functions has a dot in its name.
  .filter((line) => /^\w+$/.test(line));

const patterns = [];
let count = 0;
for (const pattern of PATTERNS) {
  if (count >= WANTED) break;
  patterns.push(pattern);
  count += functionsThatFit(pattern);
}

const ours = (names) => `probe ${names.map((name) => `kernel.function("${name}")`).join(", ")} { exit() }`;
const theirs = (names) => `${names.map((name) => `kprobe:${name}`).join(",")} { exit(); }`;

/** What the tools wait for: in a guest where nothing else runs, nobody would read. */
const POKE_EVERY_MS = 200;

async function whileSomebodyReads(measure) {
  const reader = setInterval(() => readFileSync("/proc/self/comm"), POKE_EVERY_MS);
  try {
    return await measure();
  } finally {
    clearInterval(reader);
  }
}

const all = (found) => found.map(({ all }) => all);
const ourRun = (names) => whileSomebodyReads(() => timed([...tapbook, "run", "-e", ours(names)]));
// It refuses more than 512 unless it is told.
const theirRun = (names) =>
  whileSomebodyReads(() => timed(["bpftrace", "-e", theirs(names)], { BPFTRACE_MAX_PROBES: "100000" }));

async function list(where, words) {
  const found = await repeated(runs, () => timed([...tapbook, "list", ...words]));
  return { where, words, lines: found[0].lines, first: found.map(({ first }) => first), all: all(found) };
}

/** Attaching and detaching alone, by each mechanism for many functions. */
async function traced() {
  const [{ Session }, { catalogue }, { loadNative }] = await Promise.all(
    ["session/session", "session/catalogue", "tracing/native"].map((name) => import(`${root}dist/kernel/${name}.js`)),
  );
  const found = [];
  for (const [mechanism, kinds] of [
    ["kprobe.multi", ["kprobe_multi"]],
    ["kprobe", ["kprobe"]],
  ]) {
    class Limited extends Session {
      target(pid) {
        const target = super.target(pid);
        const refusal = (trial) => (kinds.includes(trial.kind) ? target.refusal(trial) : "not in this measurement");
        return Object.create(target, { refusal: { value: refusal } });
      }
    }
    let attachedTo = 0;
    const measure = async () => {
      const session = new Limited({ native: loadNative(), catalogue, mode: "script" });
      const compiled = session.compile(
        ours(patterns).replace("exit()", "never++").replace("probe", "global never probe"),
        {
          name: "bench",
          targetPid: 0,
        },
      );
      if (!compiled.script) throw new Error(compiled.diagnostics.map(({ message }) => message).join("\n"));
      attachedTo = compiled.script.programs.reduce((sum, { attach }) => sum + (attach.functions?.length ?? 1), 0);
      const sink = { print() {}, warn: (text) => process.stderr.write(text), histogram() {}, failure() {} };
      const began = performance.now();
      const trace = await session.prepareInBackground(compiled, sink, async () => {}, {
        signal: new AbortController().signal,
        onProgress() {},
      });
      const attached = performance.now();
      trace.start();
      const stopped = performance.now();
      trace.stop();
      await trace.finished;
      const ended = performance.now();
      session.close();
      return { attach: attached - began, detach: ended - stopped };
    };
    // One by one takes minutes: once is enough to see that.
    const times = mechanism === "kprobe" ? [await measure()] : await repeated(runs, measure);
    found.push({
      mechanism,
      count: attachedTo,
      attach: times.map(({ attach }) => attach),
      detach: times.map(({ detach }) => detach),
    });
  }
  return found;
}

const one = ["vfs_read"];
/** In the order in which they are taken; the file tells how far it is. */
const measured = { functions: { patterns, count }, scripts: [ours(patterns), theirs(patterns)] };
const take = async (name, measure) => {
  measured[name] = await measure();
  writeFileSync(output, JSON.stringify(measured));
};
await take("ours", async () => ({
  started: all(await repeated(runs, () => timed([...tapbook, "--version"]))),
  one: all(await repeated(runs, () => ourRun(one))),
  many: all(await repeated(runs, () => ourRun(patterns))),
}));
await take("theirs", async () => ({
  started: all(await repeated(runs, () => timed(["bpftrace", "--version"]))),
  one: all(await repeated(runs, () => theirRun(one))),
  many: all(await repeated(runs, () => theirRun(patterns))),
}));
await take("lists", async () => [
  await list("the guest", ["-L", 'kernel.function("vfs_*")']),
  await list("the guest", ['kernel.function("*")']),
]);
await take("trace", traced);

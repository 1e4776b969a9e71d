/**
 * Every example of a function runs, outside of the kernel and inside, wherever the function does. Statements print the same on both
 * sides; scripts see the workload's process alone. Several run in one trace, since a trace takes longer than they do.
 */
import type { FunctionDescription } from "../../kernel/compiler/catalogue.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { workloadPath } from "../native/workload.js";
import { traceProgram, type Traced } from "../probes/traced_workload.js";

const AT_ONCE = 10;

type Group = readonly [names: string, entries: readonly FunctionDescription[]];

const functions: readonly FunctionDescription[] = [...catalogue.functions, ...(catalogue.library ?? [])];

const isScript = ({ example }: FunctionDescription): boolean => /^(?:probe|global|function)\b/m.test(example);

/** Several functions have one example: it runs once. What needs guru mode runs by itself. */
function groups(chosen: readonly FunctionDescription[]): Group[] {
  const different = [...new Map(chosen.map((entry) => [entry.example, entry])).values()];
  const parts = [different.filter(({ needsGuru }) => !needsGuru), different.filter(({ needsGuru }) => needsGuru)];
  return parts.flatMap((entries) =>
    Array.from({ length: Math.ceil(entries.length / AT_ONCE) }, (_, index): Group => {
      const some = entries.slice(index * AT_ONCE, (index + 1) * AT_ONCE);
      return [some.map(({ name }) => name).join(", "), some];
    }),
  );
}

async function run(script: string, entries: readonly FunctionDescription[]): Promise<Traced> {
  const guru = entries.some(({ needsGuru = false }) => needsGuru);
  return traceProgram(script, [workloadPath, "read", "--count", "2", "--wait"], {}, async () => {}, guru);
}

/** Points whose handlers run outside of the kernel, where there is no process to choose. */
const OUTSIDE = /^(?:begin|end|error|oneshot|procfs|json_data|prometheus|timer\.(?!profile))/;

/** Ends nothing and meets nobody: for the workload's process alone, with globals of its own. */
function besideOthers(script: string, index: number): string {
  const globals = [...script.matchAll(/^global (.+)$/gm)].flatMap(([, names = ""]) => names.split(", "));
  const ownGlobals = globals.reduce(
    (text, name) => text.replaceAll(new RegExp(`\\b${name}\\b(?!\\()`, "g"), `${name}_${index}`),
    script,
  );
  return ownGlobals
    .replaceAll(/;? *\b(?:exit|abort)\(\)/g, "")
    .replaceAll(/^probe ([^{]+)\{/gm, (head: string, point: string) =>
      OUTSIDE.test(point) ? head : `${head} if (pid() != target()) next;`,
    );
}

test.each(groups(functions.filter(isScript)))("scripts: %s", async (_, entries) => {
  const script = entries.map(({ example }, index) => besideOthers(example, index)).join("\n");
  const { failures, events } = await run(script, entries);
  expect(failures).toEqual([]);
  // Both of the workload's, by each handler.
  const reading = [...script.matchAll(/^probe syscall\.read \{/gm)].length;
  expect(events).toBeGreaterThanOrEqual(BigInt(2 * reading));
});

/** What is not the same a moment later, or for another process. */
const CHANGING = /gettimeofday|clock|randint|stopwatch|qsq_|indent\(/;

test.each(groups(functions.filter((entry) => !isScript(entry))))("statements: %s", async (_, entries) => {
  const probes = entries.flatMap(({ example, kernelRefusal, userRefusal }, index) => [
    ...(userRefusal === undefined ? [`probe begin { println("<<outside ${index}>>"); ${example}\n}`] : []),
    ...(kernelRefusal === undefined
      ? [
          `probe syscall.read { if (pid() != target() || done${index}++) next; println("<<inside ${index}>>"); ${example}\n}`,
        ]
      : []),
  ]);
  const globals = entries.map((__, index) => `done${index}`).join(", ");
  const { printed, failures } = await run(`global ${globals}\n${probes.join("\n")}`, entries);
  expect(failures).toEqual([]);
  const texts = new Map(
    printed
      .split("<<")
      .slice(1)
      .map((part) => part.split(">>\n", 2) as [string, string]),
  );
  expect(texts.size).toBe(probes.length);
  for (const [index, { example, kernelRefusal, userRefusal }] of entries.entries()) {
    if (kernelRefusal !== undefined || userRefusal !== undefined) continue;
    const seen = (side: string): string | undefined => {
      const text = texts.get(`${side} ${index}`);
      return CHANGING.test(example) ? text?.replaceAll(/ *\d+/g, "N") : text;
    };
    expect([example, seen("inside")]).toEqual([example, seen("outside")]);
  }
});

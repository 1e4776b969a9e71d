/** What a program adds up while the workload works. */
import type { Native, NativeAttachOptions } from "../../kernel/tracing/native.js";
import { counters, countingProgram } from "./programs.js";
import { WaitingWorkload } from "./workload.js";

export type CountedProgram = Omit<Parameters<typeof countingProgram>[1], "counters" | "pid">;

/** `attach` gets the workload's process; the count is of this process only. */
export async function countOf(...args: Parameters<typeof runsOf>): Promise<bigint> {
  return (await runsOf(...args)).count;
}

/** With the runs that the kernel missed, those of other processes included. */
export async function runsOf(
  native: Native,
  program: CountedProgram,
  attach: NativeAttachOptions | ((pid: number) => NativeAttachOptions),
  words: readonly string[],
): Promise<{ readonly count: bigint; readonly missed: bigint }> {
  const workload = await WaitingWorkload.start(...words);
  const open: { close(): void }[] = [];
  try {
    const map = counters(native, 1);
    open.push(map);
    const loaded = countingProgram(native, { ...program, counters: map, pid: workload.pid });
    open.push(loaded);
    const link = loaded.attach(typeof attach === "function" ? attach(workload.pid) : attach);
    open.push(link);
    await workload.run();
    link.close();
    return { count: map.readWord(0), missed: loaded.statistics().recursionMisses };
  } finally {
    for (const handle of open.toReversed()) handle.close();
    workload.stop();
  }
}

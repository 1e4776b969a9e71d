/** What a program adds up while the workload works. */
import type { Native, NativeAttachOptions } from "../../kernel/tracing/native.js";
import { counters, countingProgram } from "./programs.js";
import { WaitingWorkload } from "./workload.js";

export type CountedProgram = Omit<Parameters<typeof countingProgram>[1], "counters" | "pid">;

/** `attach` gets the workload's process; the count is of this process only. */
export async function countOf(
  native: Native,
  program: CountedProgram,
  attach: NativeAttachOptions | ((pid: number) => NativeAttachOptions),
  words: readonly string[],
): Promise<bigint> {
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
    return map.readWord(0);
  } finally {
    for (const handle of open.toReversed()) handle.close();
    workload.stop();
  }
}

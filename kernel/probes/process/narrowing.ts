/** Which processes' events are meant, for what happens to processes rather than in their code. */
import type { KernelProbe, Resolution, Target } from "../../compiler/catalogue.js";
import { refused } from "../points.js";
import { tellsExecutables } from "./executable.js";
import { probedProgram } from "./probed_program.js";
import { guardsOf, pidOf, type Subject } from "./subject.js";
import type { Written } from "./written.js";

export type Processes = Pick<Subject, "pid" | "program">;

/** Without a program, the target process; without one, every process. */
export function findProcesses(written: Written, target: Target): Processes | Resolution {
  if (written.library !== null) return refused(`${written.head}.library: a library is no process`);
  if (typeof written.program !== "string") return { pid: pidOf(written, target) || null, program: null };
  const program = target.programs.find(written.program);
  if ("reason" in program) return refused(`${written.head}: ${program.reason}`);
  if (tellsExecutables(target)) return { pid: null, program };
  return refused(
    `${written.head}: this kernel's types do not tell which program a process runs`,
    "choose it by execname(), or by its number: process(PID)",
  );
}

/** The probe, for events of these processes alone: they run the program whose variables are meant. */
export function narrowed(probe: KernelProbe, processes: Processes, target: Target): KernelProbe {
  const { guard, lateGuard } = guardsOf(processes);
  const late = probe.lateGuard;
  const inNoCode = { address: null, isReturn: false, isLibrary: false, sourceFile: null };
  const program = processes.program && probedProgram(processes.program, inNoCode, target);
  return {
    ...probe,
    guard: (emit, skip) => {
      guard?.(emit, skip);
      probe.guard?.(emit, skip);
    },
    ...(late || lateGuard
      ? {
          lateGuard: (emit, skip) => {
            late?.(emit, skip);
            lateGuard?.(emit, skip);
          },
        }
      : {}),
    ...(program ? { program } : {}),
    ...(probe.entry ? { entry: narrowed(probe.entry, processes, target) } : {}),
  };
}

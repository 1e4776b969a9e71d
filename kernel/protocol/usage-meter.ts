import { cpus } from "node:os";

interface Sample {
  readonly time: number;
  readonly kernel: number;
  readonly idle: number;
  readonly total: number;
}

/** How busy this process and this machine were between two readings. */
export class UsageMeter {
  #last = sample();

  /** In per cent: of one CPU for the kernel, of all CPUs for the machine. */
  read(): { readonly kernel: number; readonly machine: number } {
    const last = this.#last;
    const now = (this.#last = sample());
    const elapsed = now.time - last.time;
    const total = now.total - last.total;
    return {
      kernel: elapsed > 0 ? ((now.kernel - last.kernel) / elapsed) * 100 : 0,
      machine: total > 0 ? (1 - (now.idle - last.idle) / total) * 100 : 0,
    };
  }
}

/** All in milliseconds. */
function sample(): Sample {
  const { user, system } = process.cpuUsage();
  const times = cpus().map((cpu) => cpu.times);
  return {
    time: performance.now(),
    kernel: (user + system) / 1000,
    idle: times.reduce((sum, cpu) => sum + cpu.idle, 0),
    total: times.reduce((sum, cpu) => sum + cpu.user + cpu.nice + cpu.sys + cpu.idle + cpu.irq, 0),
  };
}

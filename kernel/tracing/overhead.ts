/** What the programs cost: the kernel measures them in short windows, since measuring costs too. */
import type { LoadedScript } from "./loaded_script.js";
import { isEngineError, type Native, type NativeLink } from "./native.js";

/** Milliseconds. The first window starts after the trace has settled. */
const FIRST_WINDOW = 20;
const WINDOW = 200;
const PAUSE = 5000;

export interface Overhead {
  readonly nanosecondsPerHit: number | null;
  readonly cpuShare: number | null;
}

export class OverheadMeter {
  private statistics: NativeLink | null = null;
  private timer: NodeJS.Timeout | null = null;
  private opened = 0n;
  private measured = 0n;

  constructor(
    private readonly native: Native,
    private readonly script: LoadedScript,
  ) {}

  start(): void {
    this.timer = setTimeout(() => this.open(), FIRST_WINDOW);
  }

  stop(): Overhead {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.closeWindow();
    return this.read();
  }

  /** What has been measured so far. */
  read(): Overhead {
    const { runs, nanoseconds } = this.script.runStatistics();
    if (this.measured === 0n) return { nanosecondsPerHit: null, cpuShare: null };
    return {
      nanosecondsPerHit: runs === 0n ? null : Number(nanoseconds) / Number(runs),
      cpuShare: Number(nanoseconds) / Number(this.measured),
    };
  }

  private open(): void {
    try {
      this.statistics = this.native.enableStatistics();
    } catch (error) {
      // Measuring takes more privilege (CAP_SYS_ADMIN) than tracing does; without it the cost is simply not known.
      if (isEngineError(error)) return;
      throw error;
    }
    this.opened = this.native.monotonicNanoseconds();
    this.timer = setTimeout(() => {
      this.closeWindow();
      this.timer = setTimeout(() => this.open(), PAUSE);
    }, WINDOW);
  }

  private closeWindow(): void {
    if (!this.statistics) return;
    this.measured += this.native.monotonicNanoseconds() - this.opened;
    this.statistics.close();
    this.statistics = null;
  }
}

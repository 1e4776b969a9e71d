/** What the programs cost: the kernel measures them in short windows, since measuring costs too. */
import type { LoadedScript } from "./loaded_script.js";
import { isEngineError, type Native, type NativeLink } from "./native.js";

/** Milliseconds. The first window starts after the trace has settled. */
const FIRST_WINDOW = 20;
const WINDOW = 200;
const PAUSE = 5000;
/** Where somebody must act on what is measured. */
const WATCHFUL_PAUSE = 600;

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
    /** Hears of each window what the programs took of one processor in it; they come more often then. */
    private readonly onWindow: ((cpuShare: number) => void) | null = null,
  ) {}

  /** False where this process may not measure. */
  start(): boolean {
    if (this.onWindow) return this.open();
    this.timer = setTimeout(() => this.open(), FIRST_WINDOW);
    return true;
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

  private open(): boolean {
    try {
      this.statistics = this.native.enableStatistics();
    } catch (error) {
      // Measuring takes more privilege (CAP_SYS_ADMIN) than tracing does; without it the cost is simply not known.
      if (isEngineError(error)) return false;
      throw error;
    }
    this.opened = this.native.monotonicNanoseconds();
    const before = this.script.runStatistics().nanoseconds;
    this.timer = setTimeout(() => {
      const length = this.closeWindow();
      this.timer = setTimeout(() => this.open(), this.onWindow ? WATCHFUL_PAUSE : PAUSE);
      const spent = this.script.runStatistics().nanoseconds - before;
      if (length > 0n) this.onWindow?.(Number(spent) / Number(length));
    }, WINDOW);
    return true;
  }

  /** Its length, nanoseconds; 0 where none was open. */
  private closeWindow(): bigint {
    if (!this.statistics) return 0n;
    const length = this.native.monotonicNanoseconds() - this.opened;
    this.measured += length;
    this.statistics.close();
    this.statistics = null;
    return length;
  }
}

/** What signals and a dead parent can ask of a kernel. */
interface Interruptible {
  interrupt(): void;
  close(): Promise<void>;
}

/** SIGINT interrupts the running cell and does nothing else; SIGTERM and SIGHUP end the kernel. The result undoes it. */
export function handleSignals(kernel: Interruptible): () => void {
  const interrupt = (): void => kernel.interrupt();
  const close = (): void => void kernel.close();
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", close);
  process.on("SIGHUP", close);
  return () => {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", close);
    process.off("SIGHUP", close);
  };
}

/** What is asked of the system about the parent process; handed in for tests. */
export interface ParentProbe {
  parentId(): number;
  isAlive(id: number): boolean;
  /** What Jupyter says its own process id is, where it says it. */
  readonly announcedId: string | undefined;
}

const systemProbe: ParentProbe = {
  parentId: () => process.ppid,
  isAlive: (id) => {
    try {
      process.kill(id, 0);
      return true;
    } catch (error) {
      // Someone else's process is alive, too.
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
  },
  announcedId: process.env["JPY_PARENT_PID"],
};

/**
 * Calls `onOrphaned` once when the process that started the kernel is gone: a server that was killed tells nobody, and a
 * trace must not run on for ever. The result stops the watch.
 */
export function watchParent(onOrphaned: () => void, probe: ParentProbe = systemProbe, interval = 1000): () => void {
  const isOrphaned = orphanTest(probe);
  if (!isOrphaned) return () => undefined;
  const timer = setInterval(() => {
    if (!isOrphaned()) return;
    clearInterval(timer);
    onOrphaned();
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}

/** Undefined where no parent can be watched. */
function orphanTest(probe: ParentProbe): (() => boolean) | undefined {
  const parent = probe.parentId();
  const announced = Number(probe.announcedId);
  // Through a wrapper (sudo, a shell) the server is not the parent. An id from another PID namespace names nothing here.
  if (Number.isInteger(announced) && announced > 1 && announced !== parent && probe.isAlive(announced))
    return () => !probe.isAlive(announced);
  // Started by init itself, or by hand from a shell that is gone: nobody to miss.
  if (parent === 1) return undefined;
  return () => probe.parentId() !== parent;
}

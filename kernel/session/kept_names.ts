/** The globals that magics name: those of the session, and as snapshots hold them. */
import { mostSimilar } from "../compiler/check/similar.js";
import { isSnapshotName, splitSnapshotKey } from "../compiler/syntax/snapshot_names.js";
import type { KnownGlobal } from "../compiler/check/definitions.js";
import { MagicError } from "../magics/index.js";
import type { CellOutput } from "../protocol/interpreter.js";
import type { LiveGlobal } from "../tracing/globals.js";
import type { Session } from "./session.js";
import type { Snapshot } from "./snapshots.js";
import { userGlobals } from "./user_globals.js";

/** A global whose type is known, and that holds something or could. */
export interface UsedGlobal {
  readonly name: string;
  readonly known: KnownGlobal & { readonly type: NonNullable<KnownGlobal["type"]> };
  readonly live: LiveGlobal;
}

export class KeptNames {
  constructor(
    private readonly session: Session,
    private readonly output: Pick<CellOutput, "stream">,
  ) {}

  /** Throws MagicError where there is none, or none that was used. */
  find(name: string): UsedGlobal {
    const { globals, snapshots } = this.session;
    const all = new Map([
      ...userGlobals(this.session).map((known) => [known.name, known] as const),
      ...snapshots.all().flatMap((snapshot) => [...snapshot.globals]),
    ]);
    const [known, live] = [all.get(name), globals.get(name)];
    if (known?.type && live) return { name, known: { ...known, type: known.type }, live };
    if (known)
      throw new MagicError(`${name} has not been used yet`, "what it holds is settled when a cell first uses it");
    const similar = mostSimilar(name, all.keys());
    throw new MagicError(
      splitSnapshotKey(name) ? `no snapshot holds ${name}` : `there is no global ${name}`,
      similar === null ? "see %globals and %snapshots for what there is" : `did you mean ${similar}?`,
    );
  }

  /** Those named, or all of the session where none is. */
  chosen(names: readonly string[]): readonly UsedGlobal[] {
    if (names.length > 0) return names.map((name) => this.find(name));
    const used = this.used();
    if (used.length === 0) throw new MagicError("there are no globals yet", "a cell declares them: global x");
    return used;
  }

  /** All of the session that hold something or could. */
  used(): readonly UsedGlobal[] {
    return userGlobals(this.session).flatMap((known) => {
      const live = this.session.globals.get(known.name);
      return known.type && live ? [{ name: known.name, known: { ...known, type: known.type }, live }] : [];
    });
  }

  /** Makes room for a snapshot of that name; throws MagicError where none can be called so. */
  async replaceSnapshot(name: string): Promise<void> {
    if (!isSnapshotName(name))
      throw new MagicError(
        `${name} cannot name a snapshot`,
        /^\w+$/.test(name) ? `@${name} means something else to scripts` : "a name is made of letters, digits and _",
      );
    if (this.session.knownMacros.has(name))
      throw new MagicError(`${name} cannot name a snapshot`, `@${name} is a macro; take another name`);
    const former = this.session.snapshots.get(name);
    if (former) await this.release([former], "its snapshot is taken anew");
  }

  /** Ends the traces that use these snapshots, and says so. */
  async release(snapshots: readonly Snapshot[], why: string): Promise<void> {
    const turn = await this.session.takeTurn();
    try {
      const stopped = await this.session.release(snapshots.flatMap(({ globals }) => [...globals.keys()]));
      for (const { cell, name } of stopped)
        this.output.stream("stderr", `The trace of ${cell} was stopped: it uses ${name}, and ${why}.\n`);
    } finally {
      turn();
    }
  }
}

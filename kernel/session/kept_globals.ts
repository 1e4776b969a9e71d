/** What magics do with copies of a session's globals. */
import { mostSimilar } from "../compiler/check/similar.js";
import { isSnapshotName } from "../compiler/syntax/snapshot_names.js";
import type { GlobalStore } from "../compiler/closures/runtime.js";
import type { GlobalType } from "../compiler/check/program.js";
import type { KeptGlobals, MagicSnapshot } from "../magics/kept.js";
import { MagicError } from "../magics/index.js";
import type { CellOutput } from "../protocol/interpreter.js";
import { keptCopy } from "../tracing/stored_globals.js";
import type { Session } from "./session.js";
import type { CopiedGlobal, Snapshot } from "./snapshots.js";
import { describeType, userGlobals } from "./types.js";

export class SessionKeptGlobals implements KeptGlobals {
  constructor(
    private readonly session: Session,
    private readonly output: CellOutput,
  ) {}

  async snapshot(name: string, wanted: readonly string[]): Promise<MagicSnapshot> {
    this.requireName(name);
    const { snapshots } = this.session;
    const former = snapshots.get(name);
    if (former) await this.stopUsersOf([former], "its snapshot is taken anew");
    const time = new Date();
    const copies = this.copies(wanted);
    for (const { known } of copies) this.session.copied(known.name, name);
    return this.described(snapshots.add(name, time, copies));
  }

  snapshots(): readonly MagicSnapshot[] {
    return this.session.snapshots.all().map((snapshot) => this.described(snapshot));
  }

  async dropSnapshots(names: readonly string[]): Promise<void> {
    const { snapshots } = this.session;
    const dropped = names.map((name) => {
      const found = snapshots.get(name);
      if (found) return found;
      const all = snapshots.all().map((snapshot) => snapshot.name);
      throw new MagicError(
        `there is no snapshot ${name}`,
        all.length === 0 ? "%snapshot NAME takes one" : `there are ${all.join(", ")}`,
      );
    });
    await this.stopUsersOf(dropped, "its snapshot is dropped");
    for (const name of names) snapshots.drop(name);
  }

  private requireName(name: string): void {
    if (!isSnapshotName(name))
      throw new MagicError(
        `${name} cannot name a snapshot`,
        /^\w+$/.test(name) ? `@${name} means something else to scripts` : "a name is made of letters, digits and _",
      );
    if (this.session.knownMacros.has(name))
      throw new MagicError(`${name} cannot name a snapshot`, `@${name} is a macro; take another name`);
  }

  /** Of what is named, or of everything that has a type. */
  private copies(wanted: readonly string[]): readonly CopiedGlobal[] {
    const known = userGlobals(this.session);
    const chosen = wanted.map((name) => {
      const found = known.find((global) => global.name === name);
      if (!found) throw new MagicError(`there is no global ${name}`, advice(name, known));
      if (!found.type || !this.session.globals.get(name))
        throw new MagicError(`${name} has not been used yet`, "what it holds is settled when a cell first uses it");
      return found;
    });
    const copies = (wanted.length === 0 ? known : chosen).flatMap(({ type, ...global }): CopiedGlobal[] => {
      const live = this.session.globals.get(global.name);
      return type && live ? [{ known: { ...global, type }, store: keptCopy(live.store) }] : [];
    });
    if (copies.length === 0) throw new MagicError("there are no globals to copy yet", "a cell declares them: global x");
    return copies;
  }

  private async stopUsersOf(snapshots: readonly Snapshot[], why: string): Promise<void> {
    const release = await this.session.takeTurn();
    try {
      const stopped = await this.session.release(snapshots.flatMap(({ globals }) => [...globals.keys()]));
      for (const { cell, name } of stopped)
        this.output.stream("stderr", `The trace of ${cell} was stopped: it uses ${name}, and ${why}.\n`);
    } finally {
      release();
    }
  }

  private described({ name, time, globals }: Snapshot): MagicSnapshot {
    const held = [...globals].map(([key, { type }]) => {
      const live = this.session.globals.get(key);
      return { name: key, holds: live && type ? holds(type, live.store) : "" };
    });
    return { name, time, globals: held };
  }
}

function advice(name: string, known: readonly { readonly name: string }[]): string {
  const similar = mostSimilar(
    name,
    known.map((global) => global.name),
  );
  return similar === null ? "see %globals for those there are" : `did you mean ${similar}?`;
}

/** A type and a size in words. */
export function holds(type: GlobalType, store: GlobalStore): string {
  const size = sizeOf(type, store);
  return size === null ? describeType(type) : `${describeType(type)} (${size})`;
}

/** Elements of an array, values of a statistic; null for what holds one value. */
export function sizeOf({ kind }: GlobalType, store: GlobalStore): bigint | null {
  if (kind === "scalar") return null;
  if (kind === "statistic") return store.getStatistic([])?.count ?? 0n;
  return BigInt(store.entries().length);
}

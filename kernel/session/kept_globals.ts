/** What magics do with copies of a session's globals. */
import { mostSimilar } from "../compiler/check/similar.js";
import { isSnapshotName, splitSnapshotKey } from "../compiler/syntax/snapshot_names.js";
import type { GlobalStore } from "../compiler/closures/runtime.js";
import type { GlobalType } from "../compiler/check/program.js";
import type { KeptGlobals, MagicSnapshot } from "../magics/kept.js";
import { MagicError } from "../magics/index.js";
import type { CellOutput } from "../protocol/interpreter.js";
import { differenceResults, type Side } from "../tracing/differences.js";
import { keptCopy } from "../tracing/stored_globals.js";
import { CellScreen } from "./cell_screen.js";
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

  async showDifference(left: string, right: string): Promise<void> {
    const [first, second] = [this.side(left), this.side(right)];
    const types = [first, second].map(({ global }) => describeType(global.variable.type));
    if (types[0] !== types[1])
      throw new MagicError(
        `${left} and ${right} cannot be compared`,
        `${left} is ${indefinite(types[0])}, and ${right} is ${indefinite(types[1])}`,
      );
    // Where time does not tell, the second is what the first is compared with.
    const [before, after] = this.time(left) < this.time(right) ? [first, second] : [second, first];
    const screen = new CellScreen(this.output);
    const { names } = this.session;
    const unit = this.session.unit(after.name) ?? this.session.unit(before.name);
    for (const result of differenceResults(before, after, { unit, names: names.of }))
      screen.show(result, this.session.origin(after.name));
    await screen.close();
  }

  private side(name: string): Side {
    const global = this.session.globals.get(name);
    const known = this.session.snapshots.addTo(this.session.known).globals;
    if (global && known.get(name)?.type) return { name, global };
    if (known.has(name)) throw new MagicError(`${name} has not been used yet`, "there is nothing to compare");
    const all = [...known.keys()].filter((one) => !one.startsWith("tapset."));
    const similar = mostSimilar(name, all);
    throw new MagicError(
      splitSnapshotKey(name) ? `no snapshot holds ${name}` : `there is no global ${name}`,
      similar === null ? "see %globals and %snapshots for what there is" : `did you mean ${similar}?`,
    );
  }

  /** When it was as it is: what is no snapshot is as of now. */
  private time(name: string): number {
    const snapshot = splitSnapshotKey(name)?.snapshot;
    return (snapshot === undefined ? undefined : this.session.snapshots.get(snapshot)?.time.getTime()) ?? Infinity;
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

function indefinite(type = ""): string {
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
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

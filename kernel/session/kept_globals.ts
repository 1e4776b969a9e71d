/** What magics do with copies of a session's globals. */
import type { GlobalStore } from "../compiler/closures/runtime.js";
import { globalTypeText } from "../compiler/check/wording.js";
import type { GlobalType } from "../compiler/check/program.js";
import { splitSnapshotKey } from "../compiler/syntax/snapshot_names.js";
import type { KeptGlobals, MagicSnapshot } from "../magics/kept.js";
import { MagicError } from "../magics/index.js";
import type { RedactedOutput } from "./redacted_output.js";
import { differenceResults, type Side } from "../tracing/differences.js";
import { keptCopy } from "../tracing/stores/stored_globals.js";
import { CellScreen } from "./cell_screen.js";
import { SessionFiles } from "./global_files.js";
import { KeptNames, type UsedGlobal } from "./kept_names.js";
import type { Session } from "./session.js";
import type { Snapshot } from "./snapshots.js";

export class SessionKeptGlobals implements KeptGlobals {
  readonly files: SessionFiles;
  private readonly names: KeptNames;

  constructor(
    private readonly session: Session,
    private readonly output: RedactedOutput,
  ) {
    this.names = new KeptNames(session, output);
    this.files = new SessionFiles(session, this.names, output);
  }

  async snapshot(name: string, wanted: readonly string[]): Promise<MagicSnapshot> {
    await this.names.replaceSnapshot(name);
    const time = new Date();
    const copies = this.names.chosen(wanted).map(({ known, live }) => ({ known, store: keptCopy(live.store) }));
    const copied = copies.find(({ known }) => splitSnapshotKey(known.name));
    if (copied) throw new MagicError(`${copied.known.name} is a snapshot already`, "name the global itself");
    for (const { known } of copies)
      this.session.about(`${known.name}@${name}`, this.session.unit(known.name), this.session.origin(known.name));
    return this.described(this.session.snapshots.add(name, time, copies));
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
    await this.names.release(dropped, "its snapshot is dropped");
    for (const name of names) snapshots.drop(name);
  }

  async showDifference(left: string, right: string): Promise<void> {
    const [first, second] = [this.names.find(left), this.names.find(right)];
    const types = [first, second].map(({ known }) => globalTypeText(known.type));
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
    const side = ({ name, live }: UsedGlobal): Side => ({ name, global: live });
    for (const result of differenceResults(side(before), side(after), { unit, names: names.of }))
      screen.show(result, this.session.origin(after.name));
    await screen.close();
  }

  /** When it was as it is: what is no snapshot is as of now. */
  private time(name: string): number {
    const snapshot = splitSnapshotKey(name)?.snapshot;
    return (snapshot === undefined ? undefined : this.session.snapshots.get(snapshot)?.time.getTime()) ?? Infinity;
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

/** A type and a size in words. */
function holds(type: GlobalType, store: GlobalStore): string {
  const size = sizeOf(type, store);
  return size === null ? globalTypeText(type) : `${globalTypeText(type)} (${size})`;
}

/** Elements of an array, values of a statistic; null for what holds one value. */
export function sizeOf({ kind }: GlobalType, store: GlobalStore): bigint | null {
  if (kind === "scalar") return null;
  if (kind === "statistic") return store.getStatistic([])?.count ?? 0n;
  return BigInt(store.entries().length);
}

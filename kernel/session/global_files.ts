/** What magics do with globals and files. */
import { release } from "node:os";
import type { GlobalFiles, LoadOptions } from "../magics/kept.js";
import { MagicError } from "../magics/index.js";
import { ScriptError } from "../compiler/closures/runtime.js";
import { globalTypeText } from "../compiler/check/wording.js";
import { splitSnapshotKey } from "../compiler/syntax/snapshot_names.js";
import type { CellOutput } from "../protocol/interpreter.js";
import { machineName } from "../tracing/machine/machine.js";
import { arrowBytes, parquetBytes } from "./export/binary_forms.js";
import type { ExportedTable } from "./export/columns.js";
import { exportedTable } from "./export/table.js";
import { csvText, jsonText } from "./export/text_forms.js";
import type { KeptNames } from "./kept_names.js";
import { readSaved, writeSaved, writeWhole } from "./saved_globals/file.js";
import { UnreadableFile, type SavedFile, type SavedGlobal } from "./saved_globals/format.js";
import { declarationOf, keptStore, loadedStore, mergedStore, misfit } from "./saved_globals/loaded.js";
import { savedGlobal } from "./saved_globals/saved.js";
import type { LoadedGlobal, Session } from "./session.js";
import { systemReason } from "./system_reason.js";
import { VERSION } from "./version.js";

interface Form {
  readonly ending: string;
  readonly needsRows?: true;
  readonly make: (table: ExportedTable) => string | Promise<Uint8Array>;
}

const FORMS: readonly Form[] = [
  { ending: ".csv", make: csvText },
  { ending: ".json", make: jsonText },
  { ending: ".parquet", make: parquetBytes, needsRows: true },
  { ending: ".arrow", make: (table) => arrowBytes(table, "file") },
];

export class SessionFiles implements GlobalFiles {
  constructor(
    private readonly session: Session,
    private readonly names: KeptNames,
    private readonly output: CellOutput,
  ) {}

  save(path: string, wanted: readonly string[]): readonly string[] {
    const { session } = this;
    const globals = this.names.chosen(wanted).map(({ name, known, live }) => {
      const about = { unit: session.unit(name), origin: session.origin(name) };
      return savedGlobal(known, live, { name: splitSnapshotKey(name)?.global ?? name, ...about });
    });
    const names = globals.map(({ known }) => known.name);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined)
      throw new MagicError(`${twice} is named twice`, "a file has one of a name: save a snapshot to a file of its own");
    const file: SavedFile = {
      tapbook: VERSION,
      kernel: release(),
      machine: machineName(),
      architecture: process.arch,
      time: this.timeOf(wanted),
      globals,
    };
    onDisk(path, "write", () => writeSaved(path, file));
    if (session.redaction.isOn)
      this.output.stream("stderr", "WARNING: what %redact hides is in the file as it was recorded\n");
    return globals.map(described);
  }

  async load(path: string, { snapshot, add, globals: wanted }: LoadOptions): Promise<readonly string[]> {
    const file = onDisk(path, "read", () => readSaved(path));
    const chosen = wanted.length === 0 ? file.globals : wanted.map((name) => globalOf(file, name, path));
    if (snapshot !== null) await this.keep(snapshot, file, chosen, path);
    else await this.declare(chosen, path, add);
    return chosen.map(described);
  }

  async export(name: string, path: string, buckets: boolean): Promise<string> {
    const form = FORMS.find(({ ending }) => path.endsWith(ending));
    if (!form)
      throw new MagicError(
        `${path} does not tell in which form`,
        `it ends with ${FORMS.map(({ ending }) => ending).join(", ")}`,
      );
    const table = exportedTable(this.session, this.names.find(name), buckets);
    if (table.rows === 0 && form.needsRows)
      throw new MagicError(
        `${name} holds nothing to write`,
        "a file of Parquet without rows is refused by many readers",
      );
    const content = await form.make(table);
    onDisk(path, "write", () => writeWhole(path, content));
    const { redacted } = table.about;
    const hidden = redacted ? `; hidden in it: ${redacted.join(", ")}` : "";
    return `${path} holds ${table.rows} ${table.rows === 1 ? "row" : "rows"}: ${table.columns.map((column) => column.name).join(", ")}${hidden}`;
  }

  /** A snapshot of one time is saved as of that time. */
  private timeOf(names: readonly string[]): Date {
    const times = names.map((name) => this.session.snapshots.get(splitSnapshotKey(name)?.snapshot ?? "")?.time);
    const [first] = times;
    return first && times.every((time) => time?.getTime() === first.getTime()) ? first : new Date();
  }

  private async keep(name: string, file: SavedFile, globals: readonly SavedGlobal[], path: string): Promise<void> {
    const copies = globals.map((saved) => ({ known: declarationOf(saved, path), store: keptStore(saved) }));
    await this.names.replaceSnapshot(name);
    this.session.snapshots.add(name, file.time, copies);
    for (const saved of globals) this.session.about(`${saved.known.name}@${name}`, saved.unit, saved.origin);
  }

  private async declare(globals: readonly SavedGlobal[], path: string, add: boolean): Promise<void> {
    const { session } = this;
    const turn = await session.takeTurn();
    try {
      const names = globals.map(({ known }) => known.name);
      const why = add ? "%load adds to it" : "%load declares it afresh";
      for (const { cell, name } of await session.release(names))
        this.output.stream("stderr", `The trace of ${cell} was stopped: it uses ${name}, and ${why}.\n`);
      // All of it is made before any of it is taken over.
      session.declare(globals.map((saved) => this.loaded(saved, path, add)));
    } finally {
      turn();
    }
  }

  private loaded(saved: SavedGlobal, path: string, add: boolean): LoadedGlobal {
    const { session } = this;
    const { name } = saved.known;
    const most = session.limits.maxMapEntries;
    const [known, live] = [session.known.globals.get(name), session.globals.get(name)];
    const about = { unit: saved.unit, origin: saved.origin };
    if (!add || !known?.type || !live) {
      const declared = declarationOf(saved, path);
      return { known: declared, store: loadedStore(saved, declared, most), ...about };
    }
    const problem = misfit(saved, known, live);
    if (problem !== null)
      throw new MagicError(
        `${path} cannot be added to what is there: ${problem}`,
        `load it beside: %load ${path} as NAME`,
      );
    try {
      return {
        known,
        store: mergedStore(saved, live, most),
        unit: session.unit(name) ?? saved.unit,
        origin: undefined,
      };
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      throw new MagicError(
        `${name} has no room for what the file holds`,
        `it was declared with ${known.size} elements`,
      );
    }
  }
}

function globalOf({ globals }: SavedFile, name: string, path: string): SavedGlobal {
  const found = globals.find(({ known }) => known.name === name);
  if (found) return found;
  const names = globals.map(({ known }) => known.name).join(", ");
  throw new MagicError(`${path} holds no global ${name}`, names === "" ? "it holds none" : `it holds ${names}`);
}

function described({ known: { name, type }, entries }: SavedGlobal): string {
  return `${name}: ${globalTypeText(type)}${type.kind === "array" ? ` (${entries.length})` : ""}`;
}

/** What a file system refuses, and what a file holds that is none of ours, as mistakes of whoever named it. */
export function onDisk<Answer>(path: string, verb: "read" | "write", work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnreadableFile)
      throw new MagicError(`${path} cannot be loaded: ${error.message}`, "nothing of the session has changed");
    if ((error as NodeJS.ErrnoException).code !== undefined)
      throw new MagicError(
        `cannot ${verb} ${path}: ${systemReason(error)}`,
        "a path is taken from where the kernel was started",
      );
    throw error;
  }
}

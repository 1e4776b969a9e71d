/** The text of a file to globals. Whatever is not as it should be is an UnreadableFile, before anybody uses any of it. */
import { createHash } from "node:crypto";
import type { StoreEntry, Value } from "../../compiler/closures/runtime.js";
import type { GlobalType, LinearScale, StatisticParts, ValueType } from "../../compiler/check/program.js";
import { linearBuckets } from "../../compiler/layout.js";
import { keyText } from "../../tracing/stores/map_store.js";
import type { FidelityFigures, Provenance } from "../../tracing/result.js";
import { FORMAT, UnreadableFile, VERSION, type SavedFile, type SavedGlobal, type SavedStack } from "./format.js";
import { JsonRecord } from "./record.js";
import { statisticOf } from "./statistic.js";

export function decodeFile(text: string): SavedFile {
  const lines = new Lines(text);
  const head = lines.next("the head of the file");
  if (!head.has("format") || head.get("format") !== FORMAT)
    throw new UnreadableFile("this is no file of saved globals");
  const version = head.count("version");
  if (version > VERSION)
    throw new UnreadableFile(
      `it is of version ${version} of the format, and this Tapbook reads up to version ${VERSION}`,
    );
  lines.checkEnd();
  const file = {
    tapbook: head.text("tapbook"),
    kernel: head.text("kernel"),
    machine: head.text("machine"),
    architecture: head.text("architecture"),
    time: dateOf(head),
  };
  const globals = Array.from({ length: head.count("globals") }, () => readGlobal(lines));
  const names = new Set(globals.map(({ known }) => known.name));
  if (names.size < globals.length) throw new UnreadableFile("it holds two globals of one name");
  if (lines.left > 0) throw new UnreadableFile("there is more in it than it says");
  return { ...file, globals };
}

/** The lines of the file but the last, which tells whether all are there. */
class Lines {
  private readonly lines: readonly string[];
  private readonly last: string;
  private read = 0;

  constructor(private readonly text: string) {
    const lines = text.split("\n");
    // What stands behind the last line break would be the beginning of a line.
    this.last = lines.at(-1) === "" ? (lines.at(-2) ?? "") : "";
    this.lines = lines.slice(0, -2);
  }

  get left(): number {
    return this.lines.length - this.read;
  }

  next(what: string): JsonRecord {
    const line = this.lines[this.read];
    if (line === undefined) throw new UnreadableFile(`it ends where ${what} should be`);
    this.read++;
    return JsonRecord.parse(line, this.read);
  }

  checkEnd(): void {
    const cut = new UnreadableFile("it is cut off: its last line is not there");
    if (!this.last.startsWith('{"end":')) throw cut;
    const end = JsonRecord.parse(this.last, this.lines.length + 1).record("end");
    const body = this.text.slice(0, this.text.length - this.last.length - 1);
    const sha256 = createHash("sha256").update(body, "utf8").digest("hex");
    if (end.count("lines") !== this.lines.length || end.text("sha256") !== sha256)
      throw new UnreadableFile("it is damaged: its hash is not that of its lines");
  }
}

function dateOf(head: JsonRecord): Date {
  const time = new Date(head.text("time"));
  return Number.isNaN(time.getTime()) ? head.fail("`time` is no time") : time;
}

const SPACES = ["kernel", "user"] as const;
const VALUES: readonly ValueType[] = ["long", "string"];

function readGlobal(lines: Lines): SavedGlobal {
  const head = lines.next("a global");
  const name = head.text("global");
  if (!/^[A-Za-z_]\w*$/.test(name)) head.fail(`\`${name}\` names no global`);
  const type = typeOf(head.record("type"));
  const known = {
    name,
    type,
    size: head.get("size") === null ? null : head.count("size"),
    wrap: head.flag("wrap"),
    parts: partsOf(head.record("keeps")),
  };
  const columns = type.kind === "array" ? type.keys : [];
  const spaces = head.list("stackColumns").map((space) => SPACES.find((one) => one === space) ?? null);
  const isWrong = spaces.some((space, column) => space !== null && columns[column] !== "string");
  if (spaces.length > columns.length || isWrong) head.fail("`stackColumns` are not those of its key");
  const stacks = Array.from({ length: head.count("stacks") }, () => stackOf(lines.next("a stack")));
  const count = head.count("elements");
  if (type.kind !== "array" && count !== 1) head.fail("what is no array has one value");
  const entries = Array.from({ length: count }, () => entryOf(lines.next("an element"), type, known.parts));
  const keys = new Set(entries.map(({ key }) => keyText(key)));
  if (keys.size < entries.length) head.fail("two of its elements have one key");
  return {
    known,
    ...(head.has("unit") ? { unit: head.text("unit") } : {}),
    ...(head.has("origin") ? { origin: originOf(head.record("origin")) } : {}),
    spaces,
    stacks,
    entries,
  };
}

function typeOf(record: JsonRecord): GlobalType {
  const kind = record.choice("kind", ["scalar", "statistic", "array"]);
  if (kind === "statistic") return { kind };
  if (kind === "scalar") return { kind, value: record.choice("value", VALUES) };
  const keys = record
    .list("keys")
    .map((key) => VALUES.find((value) => value === key) ?? record.fail("`keys` are neither long nor string"));
  if (keys.length === 0) record.fail("an array has keys");
  return { kind, keys, value: record.choice("value", ["long", "string", "statistic"]) };
}

function partsOf(record: JsonRecord): StatisticParts {
  const parts = {
    log: record.flag("log"),
    variance: record.flag("variance"),
    linear: record.records("linear").map(scaleOf),
  };
  return record.flag("percentiles") ? { ...parts, percentiles: true } : parts;
}

/** Buckets of a linear histogram that a script can ask for. */
const MOST_LINEAR_BUCKETS = 1 << 16;

function scaleOf(record: JsonRecord): LinearScale {
  const scale = { low: record.long("low"), high: record.long("high"), step: record.long("step") };
  const isRight = scale.step > 0n && scale.high >= scale.low;
  return isRight && linearBuckets(scale) <= MOST_LINEAR_BUCKETS
    ? scale
    : record.fail("these are no bounds of a histogram");
}

function stackOf(record: JsonRecord): SavedStack {
  return {
    space: record.choice("space", SPACES),
    text: record.bytesOf(record.get("stack"), "stack"),
    functions: record.list("functions").map((name) => record.bytesOf(name, "functions")),
  };
}

function entryOf(record: JsonRecord, type: GlobalType, parts: StatisticParts): StoreEntry {
  const columns = type.kind === "array" ? type.keys : [];
  const written = type.kind === "array" ? record.list("key") : [];
  if (written.length !== columns.length) record.fail("its key has not as many parts as the array's");
  const key = written.map((part, column) => valueOf(record, part, columns[column] ?? "long", "key"));
  const value = type.kind === "statistic" ? "statistic" : type.value;
  if (value === "statistic") return { key, value: "", statistic: statisticOf(record.record("statistic"), parts) };
  return { key, value: valueOf(record, record.get("value"), value, "value"), statistic: null };
}

function valueOf(record: JsonRecord, written: unknown, type: ValueType, name: string): Value {
  return type === "long" ? record.longOf(written, name) : record.bytesOf(written, name);
}

function originOf(record: JsonRecord): Provenance {
  return {
    ...(record.has("fidelity") ? { fidelity: fidelityOf(record.record("fidelity")) } : {}),
    kernelRelease: record.text("kernelRelease"),
    architecture: record.text("architecture"),
    machine: record.text("machine"),
    cpus: record.count("cpus"),
    scriptHash: record.text("scriptHash"),
    tapbookVersion: record.text("tapbookVersion"),
    probes: record
      .records("probes")
      .map((probe) => ({ point: probe.text("point"), mechanism: probe.text("mechanism") })),
    start: record.text("start"),
    end: record.text("end"),
  };
}

function fidelityOf(record: JsonRecord): FidelityFigures {
  const cut = record.record("cut");
  return {
    events: record.figure("events"),
    lost: record.figure("lost"),
    mapFull: record.figure("mapFull"),
    missed: record.figure("missed"),
    errors: record.figure("errors"),
    cut: { lines: cut.figure("lines"), bytes: cut.figure("bytes") },
    nanosecondsPerHit: record.get("nanosecondsPerHit") === null ? null : record.measure("nanosecondsPerHit"),
    cpuShare: record.get("cpuShare") === null ? null : record.measure("cpuShare"),
    seconds: record.measure("seconds"),
    ...(record.has("overload") ? { overload: overloadOf(record.record("overload")) } : {}),
  };
}

function overloadOf(record: JsonRecord): NonNullable<FidelityFigures["overload"]> {
  return { share: record.measure("share"), maxShare: record.measure("maxShare") };
}

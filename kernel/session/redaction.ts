/** `%redact`: what is hidden from everything that leaves for the front end. */
import { REDACTION_CLASSES, type RedactionClass, type RedactionRule } from "../magics/index.js";
import type { Provenance, Result } from "../tracing/result.js";
import { hideAddresses, hideArguments, hidePaths, type Hide } from "./redacted_texts.js";

/** Fields of results that say what something is, and hold no text of a traced system. */
const STRUCTURE: ReadonlySet<string> = new Set(["kind", "type", "scale", "space", "state", "work"]);

/** Arguments last: what is left of them is hidden as a whole. */
const ORDER: readonly RedactionClass[] = ["addresses", "paths", "arguments"];

const HIDERS: Readonly<Record<RedactionClass, (text: string, hide: Hide) => string>> = {
  addresses: hideAddresses,
  paths: hidePaths,
  arguments: hideArguments,
};

const SINGULAR: Readonly<Record<RedactionClass, string>> = {
  addresses: "address",
  paths: "path",
  arguments: "argument",
};

export class Redaction {
  private readonly classes = new Set<RedactionClass>();
  private patterns: readonly RegExp[] = [];
  /** What stands for each text: the same for the same, so that a reader can still tell two of them apart. */
  private readonly standIns = new Map<string, Map<string, string>>();

  get isOn(): boolean {
    return this.classes.size > 0 || this.patterns.length > 0;
  }

  /** What is hidden, in words; a pattern may be what is to be hidden, and is not told. */
  get rules(): readonly string[] {
    return [
      ...REDACTION_CLASSES.filter((name) => this.classes.has(name)),
      ...this.patterns.map((_, index) => `pattern ${index + 1}`),
    ];
  }

  /** To what is hidden already: a rule forgotten by accident would show what was meant to stay hidden. */
  add(rules: readonly RedactionRule[]): void {
    for (const rule of rules) {
      if (typeof rule === "string") this.classes.add(rule);
      else if (!this.patterns.some((pattern) => String(pattern) === String(rule)))
        this.patterns = [...this.patterns, rule];
    }
  }

  clear(): void {
    this.classes.clear();
    this.patterns = [];
  }

  text(text: string): string {
    if (!this.isOn || text === "") return text;
    let shown = text;
    for (const pattern of this.patterns) shown = shown.replaceAll(pattern, (found) => this.standIn("hidden", found));
    for (const name of ORDER) {
      if (!this.classes.has(name)) continue;
      shown = HIDERS[name](shown, (found) => this.standIn(SINGULAR[name], found));
    }
    return shown;
  }

  result(result: Result): Result {
    return this.isOn ? (this.walk(result) as Result) : result;
  }

  provenance(about: Provenance): Provenance {
    return this.isOn ? (this.walk(about) as Provenance) : about;
  }

  private walk(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.walk(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => [key, STRUCTURE.has(key) ? field : this.walk(field)]),
    );
  }

  private standIn(kind: string, text: string): string {
    let known = this.standIns.get(kind);
    if (!known) this.standIns.set(kind, (known = new Map()));
    let found = known.get(text);
    if (found === undefined) known.set(text, (found = `‹${kind} ${known.size + 1}›`));
    return found;
  }
}

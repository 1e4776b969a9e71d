/** Reading JSON that anybody may have written: each value is asked for as what it should be. */
import { UnreadableFile } from "./format.js";

export class JsonRecord {
  private constructor(
    private readonly fields: Readonly<Record<string, unknown>>,
    private readonly line: number,
  ) {}

  static parse(text: string, line: number): JsonRecord {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new UnreadableFile("this is not JSON", line);
    }
    return JsonRecord.of(value, line);
  }

  private static of(value: unknown, line: number): JsonRecord {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new UnreadableFile("an object was expected", line);
    return new JsonRecord(value as Record<string, unknown>, line);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name);
  }

  fail(problem: string): never {
    throw new UnreadableFile(problem, this.line);
  }

  get(name: string): unknown {
    return this.has(name) ? this.fields[name] : this.fail(`\`${name}\` is missing`);
  }

  record(name: string): JsonRecord {
    return JsonRecord.of(this.get(name), this.line);
  }

  records(name: string): readonly JsonRecord[] {
    return this.list(name).map((item) => JsonRecord.of(item, this.line));
  }

  list(name: string): readonly unknown[] {
    const value = this.get(name);
    return Array.isArray(value) ? value : this.fail(`\`${name}\` is no list`);
  }

  text(name: string): string {
    const value = this.get(name);
    return typeof value === "string" ? value : this.fail(`\`${name}\` is no text`);
  }

  flag(name: string): boolean {
    const value = this.get(name);
    return typeof value === "boolean" ? value : this.fail(`\`${name}\` is neither true nor false`);
  }

  /** A count that JSON's numbers hold exactly. */
  count(name: string): number {
    const value = this.get(name);
    return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
      ? value
      : this.fail(`\`${name}\` is no count`);
  }

  /** A count as outputs have it: a number, or a text where it is too large for one. */
  figure(name: string): number | string {
    const value = this.get(name);
    return typeof value === "string" && /^\d{1,20}$/.test(value) ? value : this.count(name);
  }

  measure(name: string): number {
    const value = this.get(name);
    return typeof value === "number" ? value : this.fail(`\`${name}\` is no number`);
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    return (
      choices.find((choice) => choice === this.fields[name]) ??
      this.fail(`\`${name}\` is none of ${choices.join(", ")}`)
    );
  }

  /** A 64-bit number of the language. */
  long(name: string): bigint {
    return this.longOf(this.get(name), name);
  }

  longOf(value: unknown, name: string): bigint {
    const number = this.wholeOf(value, name);
    return BigInt.asIntN(64, number) === number ? number : this.fail(`\`${name}\` is beyond 64 bits`);
  }

  /** A whole number of any size. */
  whole(name: string): bigint {
    return this.wholeOf(this.get(name), name);
  }

  private wholeOf(value: unknown, name: string): bigint {
    return typeof value === "string" && /^-?\d{1,80}$/.test(value)
      ? BigInt(value)
      : this.fail(`\`${name}\` is no whole number`);
  }

  /** A byte string of the language. */
  bytesOf(value: unknown, name: string): string {
    if (typeof value === "string") return Buffer.from(value, "utf8").toString("latin1");
    const encoded = JsonRecord.of(value, this.line).text("base64");
    return /^[A-Za-z0-9+/]*={0,2}$/.test(encoded)
      ? Buffer.from(encoded, "base64").toString("latin1")
      : this.fail(`\`${name}\` is not in base 64`);
  }
}

import { isJsonObject, type JsonObject } from "./json.js";

/** A request whose content does not have the shape that the protocol gives it. */
export class MalformedRequest extends Error {
  override readonly name = "MalformedRequest";
}

/** Reads the fields of a request's content; throws a MalformedRequest for one of the wrong type. */
export class ContentReader {
  readonly #content: JsonObject;

  constructor(content: JsonObject) {
    this.#content = content;
  }

  /** A text; without a fallback the field must be there. */
  text(field: string, fallback?: string): string {
    const value = this.#content[field] ?? fallback;
    return typeof value === "string" ? value : this.#fail(field, "a text");
  }

  flag(field: string, fallback: boolean): boolean {
    const value = this.#content[field] ?? fallback;
    return typeof value === "boolean" ? value : this.#fail(field, "true or false");
  }

  /** A whole number; undefined where it is missing or null. */
  integer(field: string): number | undefined {
    const value = this.#content[field] ?? undefined;
    return value === undefined || (typeof value === "number" && Number.isSafeInteger(value))
      ? value
      : this.#fail(field, "a whole number");
  }

  /** The cursor in `code`, in code points; its end where none is given. */
  cursor(code: string): number {
    const length = Array.from(code).length;
    return Math.max(0, Math.min(length, this.integer("cursor_pos") ?? length));
  }

  /** A JSON object; empty where it is missing. */
  object(field: string): JsonObject {
    const value = this.#content[field] ?? {};
    return isJsonObject(value) ? value : this.#fail(field, "a JSON object");
  }

  /** A mapping of names to texts; empty where it is missing. */
  texts(field: string): Readonly<Record<string, string>> {
    const value = this.#content[field] ?? {};
    if (!isJsonObject(value)) return this.#fail(field, "a mapping of names to texts");
    const entries = Object.entries(value);
    return entries.every((entry): entry is [string, string] => typeof entry[1] === "string")
      ? Object.fromEntries(entries)
      : this.#fail(field, "a mapping of names to texts");
  }

  #fail(field: string, wanted: string): never {
    throw new MalformedRequest(
      `"${field}" must be ${wanted}, not ${JSON.stringify(this.#content[field]) ?? "missing"}.`,
    );
  }
}

/**
 * Every message that a kernel sends, held against JSON schemas of the messaging protocol 5.5. The schemas are written down from
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html and not from the kernel's own types.
 */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

export type Json = Record<string, unknown>;

export interface Message {
  readonly header: Json;
  readonly parent_header: Json;
  readonly metadata: Json;
  readonly content: Json;
}

export type Channel = "shell" | "control" | "stdin" | "iopub";

const channels: readonly Channel[] = ["shell", "control", "stdin", "iopub"];

/** Looks at messages; one for a test file, since compiling the schemas takes a moment. */
export class MessageSchemas {
  readonly #schemas = new Ajv2020({ allowUnionTypes: true, strictTypes: false, strictTuples: false });

  constructor() {
    for (const name of ["message", ...channels]) {
      const file = new URL(`./schemas/${name}.json`, import.meta.url);
      this.#schemas.addSchema(JSON.parse(readFileSync(file, "utf8")) as Json);
    }
  }

  /** Everything about a message that the protocol forbids on this channel; empty for a good one. */
  violations(message: Message, channel: Channel): string[] {
    const type = String(message.header["msg_type"]);
    return [
      ...this.#check("message", "header", message.header, `${type} header`),
      ...this.#check("message", "parent_header", message.parent_header, `${type} parent header`),
      ...this.#check("message", "metadata", message.metadata, `${type} metadata`),
      ...this.contentViolations(type, message.content, channel),
    ];
  }

  /** Everything about the content of a message of this type that the protocol forbids on this channel. */
  contentViolations(type: string, content: unknown, channel: Channel): string[] {
    return this.#check(channel, type, content, `${type} on ${channel}`);
  }

  #check(file: string, definition: string, value: unknown, where: string): string[] {
    const validate = this.#schemas.getSchema(`${file}.json#/$defs/${definition}`);
    if (!validate) return [`${where}: not a message that the protocol knows there`];
    if (validate(value) === true) return [];
    const reasons = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
    return [`${where}: ${reasons.join("; ")}: ${JSON.stringify(value).slice(0, 400)}`];
  }
}

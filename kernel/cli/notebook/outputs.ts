/** From a kernel's messages to the outputs of a cell as nbformat 4.5 stores them. */
import type { JsonObject } from "../../protocol/json.js";

/** An output as it stands in the file. */
export interface StoredOutput extends JsonObject {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
}

/** What the wire says, as far as it concerns outputs. */
export interface OutputMessage {
  readonly type: string;
  readonly content: JsonObject;
}

/** nbformat stores long texts as lists of lines, each with its line end. */
function asLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** The text that is stored as lines, or as one string. */
export function asText(stored: unknown): string {
  return Array.isArray(stored) ? stored.join("") : typeof stored === "string" ? stored : "";
}

/** JSON stays what it is, binary representations travel as base64, which nbformat keeps as one string; the rest is text. */
function storedBundle(data: unknown): JsonObject {
  const entries = Object.entries((data ?? {}) as JsonObject).map(([type, value]) => {
    const isWhole =
      /^application\/(?:.*\+)?json$/.test(type) || /^image\/(?!svg)/.test(type) || type === "application/pdf";
    return [type, isWhole || typeof value !== "string" ? value : asLines(value)] as const;
  });
  return Object.fromEntries(entries);
}

/** Outputs of all cells of a notebook, since a later cell can replace what an earlier one shows. */
export class NotebookOutputs {
  private readonly displays = new Map<string, StoredOutput[]>();

  forCell(): CellOutputs {
    return new CellOutputs(this.displays);
  }
}

/** What one cell shows so far. */
export class CellOutputs {
  readonly outputs: StoredOutput[] = [];
  private clearAtNext = false;

  constructor(private readonly displays: Map<string, StoredOutput[]>) {}

  accept({ type, content }: OutputMessage): void {
    switch (type) {
      case "stream":
        return this.stream(String(content["name"]), asText(content["text"]));
      case "display_data":
      case "execute_result":
        return this.display(type, content);
      case "update_display_data":
        for (const output of this.displays.get(displayId(content)) ?? []) Object.assign(output, storedContent(content));
        return;
      case "error":
        this.add({
          output_type: "error",
          ename: content["ename"],
          evalue: content["evalue"],
          traceback: content["traceback"],
        });
        return;
      case "clear_output":
        if (content["wait"] === true) this.clearAtNext = true;
        else this.outputs.length = 0;
    }
  }

  private stream(name: string, text: string): void {
    const last = this.clearAtNext ? undefined : this.outputs.at(-1);
    if (last?.output_type === "stream" && last["name"] === name) last["text"] = asLines(asText(last["text"]) + text);
    else this.add({ output_type: "stream", name, text: asLines(text) });
  }

  private display(type: "display_data" | "execute_result", content: JsonObject): void {
    const count = type === "execute_result" ? { execution_count: content["execution_count"] } : {};
    const output: StoredOutput = { output_type: type, ...count, ...storedContent(content) };
    this.add(output);
    const id = displayId(content);
    if (id !== "") this.displays.set(id, [...(this.displays.get(id) ?? []), output]);
  }

  private add(output: StoredOutput): void {
    if (this.clearAtNext) this.outputs.length = 0;
    this.clearAtNext = false;
    this.outputs.push(output);
  }
}

function storedContent(content: JsonObject): JsonObject {
  return { data: storedBundle(content["data"]), metadata: content["metadata"] ?? {} };
}

/** Empty where the output has none. */
function displayId({ transient }: JsonObject): string {
  const id = (transient as JsonObject | undefined)?.["display_id"];
  return typeof id === "string" ? id : "";
}

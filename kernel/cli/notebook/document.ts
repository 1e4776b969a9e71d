/** A notebook file: nbformat 4, as far as running one needs to know it. */
import { readFileSync, writeFileSync } from "node:fs";
import { isJsonObject, type JsonObject } from "../../protocol/json.js";
import { CommandError, systemReason } from "../command.js";
import type { StoredOutput } from "./outputs.js";

export interface NotebookCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  metadata: JsonObject;
  outputs?: readonly StoredOutput[];
  execution_count?: number | null;
}

export interface NotebookDocument {
  nbformat_minor: number;
  readonly metadata: JsonObject;
  readonly cells: readonly NotebookCell[];
}

export function sourceOf({ source }: NotebookCell): string {
  return typeof source === "string" ? source : source.join("");
}

/** Reads a notebook of this kernel. Throws a CommandError where it is none. */
export function readNotebook(path: string): NotebookDocument {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new CommandError(
      error instanceof SyntaxError
        ? `${path} is no notebook: it is not JSON`
        : `the notebook ${path} cannot be read: ${systemReason(error)}`,
    );
  }
  if (!isJsonObject(document) || !Array.isArray(document["cells"]))
    throw new CommandError(`${path} is no notebook: it has no cells`);
  if (document["nbformat"] !== 4)
    throw new CommandError(`${path} is nbformat ${String(document["nbformat"])}; nbformat 4 is read`);
  const metadata = isJsonObject(document["metadata"]) ? document["metadata"] : {};
  const kernelspec = metadata["kernelspec"];
  const language = isJsonObject(kernelspec) ? kernelspec["language"] : undefined;
  if (language !== undefined && language !== "systemtap")
    throw new CommandError(`${path} is in ${JSON.stringify(language)}, which another kernel runs`);
  const cells = (document["cells"] as NotebookCell[]).map((cell) =>
    Object.assign(cell, { metadata: isJsonObject(cell.metadata) ? cell.metadata : {} }),
  );
  // Everything else that the file holds is kept as it is.
  return Object.assign(document, { metadata, cells, nbformat_minor: Number(document["nbformat_minor"] ?? 0) });
}

/** With the indentation that Jupyter uses, so that versions of a notebook compare well. */
export function writeNotebook(path: string, notebook: NotebookDocument): void {
  try {
    writeFileSync(path, `${JSON.stringify(notebook, null, 1)}\n`);
  } catch (error) {
    throw new CommandError(`${path} cannot be written: ${systemReason(error)}`);
  }
}

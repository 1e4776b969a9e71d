/** Notebooks as nbformat 4.5 stores them, as far as the tests look at them. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { project } from "./checkout.js";

/** With their outputs, for readers who run nothing: `UPDATE_NOTEBOOKS=1` writes what the tests have executed. */
export const executedFolder = join(project, "notebooks", "executed");

export function keepExecuted(path: string, name: string): void {
  if (process.env["UPDATE_NOTEBOOKS"] === "1") cpSync(path, join(executedFolder, `${name}.ipynb`));
}

export interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface Cell {
  readonly cell_type: string;
  readonly id: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly Output[];
  readonly execution_count?: number | null;
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** nbformat stores long texts as lists of lines. */
export function textOf(stored: unknown): string {
  return Array.isArray(stored) ? stored.join("") : typeof stored === "string" ? stored : "";
}

export function codeCells(notebook: Notebook) {
  return notebook.cells
    .filter((cell) => cell.cell_type === "code")
    .map((cell) => ({ ...cell, outputs: cell.outputs ?? [], text: printed(cell) }));
}

/** What a cell wrote to standard output. */
function printed(cell: Cell): string {
  const streams = (cell.outputs ?? []).filter((output) => output.name === "stdout");
  return streams.map((output) => textOf(output.text)).join("");
}

/** A notebook for our kernel with these cells. */
export function notebookOf(sources: readonly string[]): Notebook {
  return {
    cells: sources.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index + 1}`,
      metadata: {},
      execution_count: null,
      source,
      outputs: [],
    })),
    metadata: { kernelspec: { name: "tapbook", display_name: "Tapbook", language: "systemtap" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

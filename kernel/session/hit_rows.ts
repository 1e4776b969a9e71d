/** `%%timeline` in a cell that prints no rows itself: every hit of its probes is one. */
import type { Source } from "../compiler/source.js";
import { blankedTexts } from "./cursor_context.js";

export const HIT_COLUMNS: readonly string[] = ["time_ns", "cpu", "tid", "name", "execname"];

/** Of the cell's command or process and its children, where it has one. */
export const HIT_EPILOGUE: Source = {
  name: "%%timeline",
  text: String.raw`if (target() == 0 || target_set_pid(pid()))
    printf("%d %d %d %s %s\n", gettimeofday_ns(), cpu(), tid(), pp(), execname())`,
};

const PRINT = /\bprint(?:f|ln|d|dln)?\s*\(/;

/** Whether a script prints what may be rows. */
export function printsRows(script: string): boolean {
  return PRINT.test(blankedTexts(script));
}

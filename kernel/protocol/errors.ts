import type { ErrorContent } from "./contents.js";
import type { CellError } from "./interpreter.js";

/** A cell's error as messages carry it. */
export function errorContent(error: CellError): ErrorContent {
  return { ename: error.name, evalue: error.message, traceback: [...error.traceback] };
}

/** What an exception says, for a sentence of ours: without a final full stop. */
export function reason(error: unknown): string {
  // Not by instanceof: what comes from another realm (a worker, a test) is an Error of that realm.
  const message = typeof error === "object" && error !== null && "message" in error ? error.message : error;
  return String(message).replace(/\.$/, "");
}

/** A defect of the kernel, shown as one: whoever sees it should not look for a mistake in the cell. */
export function internalError(cause: unknown): CellError {
  const message = reason(cause);
  const stack = typeof cause === "object" && cause !== null && "stack" in cause ? String(cause.stack) : message;
  return {
    name: "InternalError",
    message,
    traceback: [
      ...stack.split("\n"),
      "This is a defect of the kernel, not of the cell: please report it, with the lines above and the cell.",
    ],
  };
}

/** What a trailing expression comes to, as results to show. */
import type { Display, GlobalVariable } from "../compiler/check/program.js";
import { compileExpression, compileHistogram } from "../compiler/closures/compile.js";
import type { HistogramOutput, Runtime, Value } from "../compiler/closures/runtime.js";
import { drawingOptions, type Limits } from "../compiler/limits.js";
import type { Result } from "../tracing/result.js";
import { decodeText, globalResults, histogramResult, valueResult } from "../tracing/results.js";
import type { Session } from "./session.js";

/** The first is what the cell returns; throws ScriptError. `locals` are those of the cell's statements. */
export function displayResults(
  session: Session,
  display: Display,
  runtime: Runtime,
  locals: readonly Value[],
  limits: Partial<Limits> = {},
): readonly Result[] {
  if (display.kind === "global") return resultsOfGlobal(session, display.global, limits);
  if (display.kind === "histogram") {
    const histogram = compileHistogram(display.histogram, display.label, display.locals)(runtime, locals);
    return [histogramResult(labelled(histogram), session.unit(display.histogram.target.global.name))];
  }
  return [valueResult("", compileExpression(display.expression, display.locals)(runtime, locals))];
}

export function resultsOfGlobal(session: Session, global: GlobalVariable, limits: Partial<Limits> = {}): Result[] {
  return globalResults(global, session.globals.store(global), {
    unit: session.unit(global.name),
    drawing: drawingOptions({ ...session.limits, ...limits }),
    names: session.names.of,
  });
}

export function labelled(histogram: HistogramOutput): HistogramOutput {
  return { ...histogram, label: decodeText(histogram.label) };
}

/** `%plot`: what is asked for, on what a session knows. */
import { mostSimilar } from "../compiler/check/similar.js";
import { globalTypeText } from "../compiler/check/wording.js";
import { drawingOptions, type Limits } from "../compiler/limits.js";
import type { PlotRequest } from "../magics/index.js";
import { elementName, elementOf } from "../tracing/elements.js";
import { MOST_KEYS } from "../tracing/history.js";
import { fittingForms, plotResults, type PlottedGlobal } from "../tracing/plots.js";
import type { PrintedRows } from "../tracing/printed_rows.js";
import type { Result } from "../tracing/result.js";
import { rowsScatter, rowsTable } from "../tracing/row_results.js";
import { timelineColumns, timelineResult } from "../tracing/timelines.js";
import type { Failure } from "./failures.js";
import type { Session } from "./session.js";
import { userGlobals } from "./user_globals.js";

/** Forms that fit printed rows. */
const ROW_FORMS = ["table", "scatter", "timeline"];

/** Why it cannot be shown so; null where it can, now or when a trace has written it. */
export function plotRefusal(session: Session, request: PlotRequest): Failure | null {
  const { name, key, form } = request;
  const rows = session.globals.get(name) ? undefined : session.rows.get(name);
  if (rows) return rowsRefusal(rows, request);
  const whole = plottedGlobal(session, name);
  if (!whole) return unknown(session, name);
  const plotted = key === null ? whole : elementOf(whole, key);
  if (!plotted) return noSuchKeys(whole.variable);
  const forms = fittingForms(plotted);
  if (form === null || forms.some((fitting) => fitting === form)) return null;
  const { type } = plotted.variable;
  return failure(
    `${plotted.variable.name} cannot be shown as ${form}`,
    `it is ${/^[aeiou]/.test(globalTypeText(type)) ? "an" : "a"} ${globalTypeText(type)}, which fits ${forms.join(", ")}`,
  );
}

/** Those that fit; null where nothing is known of it yet. */
export function plotForms(session: Session, { name, key }: PlotRequest): readonly string[] | null {
  if (!session.globals.get(name) && session.rows.has(name)) return ROW_FORMS;
  const whole = plottedGlobal(session, name);
  const plotted = whole && key !== null ? elementOf(whole, key) : whole;
  return plotted && fittingForms(plotted);
}

function noSuchKeys({ name, type }: PlottedGlobal["variable"]): Failure {
  if (type.kind !== "array") return failure(`${name} has no keys`, `it is a ${globalTypeText(type)}`);
  const kinds = type.keys.map((kind) => (kind === "long" ? "a number" : "a text in quotes"));
  return failure(`${name} has other keys`, `a key of it is ${kinds.join(", ")}`);
}

/** What it shows now. Only of what is not refused. */
export function plotOf(session: Session, request: PlotRequest, limits: Partial<Limits> = {}): Result[] {
  const { name, key, form, top, perSecond } = request;
  const rows = session.globals.get(name) ? undefined : session.rows.get(name);
  if (rows) return rowsResults(rows, request);
  const whole = plottedGlobal(session, name, limits);
  const plotted = whole && key !== null ? elementOf(whole, key) : whole;
  if (!plotted) return [];
  if (form === "scatter" || form === "timeline") return [];
  const options = { perSecond, form: form ?? undefined, top: top ?? undefined };
  const nothing: Result = { kind: "text", label: "", value: `${plotted.variable.name}: nothing has come yet` };
  return plotResults(plotted, options) ?? [nothing];
}

/** Whether it shows what only a trace makes, and no trace has. */
export function lacksHistory(session: Session, { name, key, form }: PlotRequest): Failure | null {
  if (form !== "heatmap" && form !== "series") return null;
  const history = session.histories.of(name);
  if (history && (key === null || history.element(key.join(", ")))) return null;
  const shown = key === null ? name : elementName(name, key);
  return failure(
    `nothing is known of how ${shown} moved`,
    history
      ? `of ${name}, the ${MOST_KEYS} keys with the largest values are followed, and it was not among them`
      : `a trace that writes it is needed: \`%plot ${shown} as ${form}\` in its cell, or in a later one`,
  );
}

function rowsRefusal(rows: PrintedRows, { name, form, columns }: PlotRequest): Failure | null {
  if (form !== null && !ROW_FORMS.includes(form))
    return failure(`${name} cannot be shown as ${form}`, `it is rows, which fit ${ROW_FORMS.join(", ")}`);
  // What columns there are, and of which types, the first row tells where they were not named.
  if (rows.columnNames.length === 0) return null;
  const missing = columns.find((column) => rows.column(column) === null);
  if (missing !== undefined)
    return failure(`${name} has no column ${missing}`, `its columns are ${rows.columnNames.join(", ")}`);
  if (form === "timeline") return rows.columns.length === 0 || timelineColumns(rows) ? null : timeless(rows);
  const text = columns.slice(0, 2).find((column) => rows.columns[rows.column(column) ?? 0]?.type === "string");
  if (text === undefined) return null;
  return failure(
    `${name} cannot be shown as scatter by ${text}, which is text`,
    "the first two columns of a scatter are numbers; a third one may be text",
  );
}

function timeless({ name, columnNames }: PrintedRows): Failure {
  return failure(
    `${name} cannot be shown as timeline: no column says when`,
    `its columns are ${columnNames.join(", ")}; call the one that does time_ns`,
  );
}

/** What rows show; the table where nothing else is asked for. */
export function rowsResults(rows: PrintedRows, request?: PlotRequest): Result[] {
  if (rows.total === 0) {
    const value = `${rows.name}: no row yet; a row is ${rows.expected}`;
    return [{ kind: "text", label: "", value }];
  }
  if (request?.form !== "scatter" && request?.form !== "timeline") return [rowsTable(rows, request?.top ?? undefined)];
  const refusal = rowsRefusal(rows, request);
  if (refusal) return [{ kind: "text", label: "", value: refusal.lines.join("\n") }];
  const timeline = request.form === "timeline" ? timelineColumns(rows, request.columns[0]) : null;
  if (timeline) return [timelineResult(rows, timeline, request.top ?? undefined)];
  return [
    rowsScatter(
      rows,
      request.columns.map((column) => rows.column(column) ?? 0),
    ),
  ];
}

function plottedGlobal(session: Session, name: string, limits: Partial<Limits> = {}): PlottedGlobal | null {
  const live = session.globals.get(name);
  if (!live) return null;
  const show = {
    unit: session.unit(name),
    drawing: drawingOptions({ ...session.limits, ...limits }),
    names: session.names.of,
  };
  return { variable: live.variable, store: live.store, history: session.histories.of(name), show };
}

function unknown(session: Session, name: string): Failure {
  const known = userGlobals(session).map((global) => global.name);
  if (known.includes(name))
    return failure(`${name} has not been used yet`, "what it holds is settled when a cell first uses it");
  const similar = mostSimilar(name, known);
  return failure(
    `there is no global ${name}`,
    similar === null ? "see %globals for those there are" : `did you mean ${similar}?`,
  );
}

function failure(message: string, hint: string): Failure {
  return { name: "MagicError", message, lines: [`error: ${message}`, `hint: ${hint}`] };
}

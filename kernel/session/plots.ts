/** `%plot`: what is asked for, on what a session knows. */
import { mostSimilar } from "../compiler/check/similar.js";
import { drawingOptions, type Limits } from "../compiler/limits.js";
import type { PlotRequest } from "../magics/index.js";
import { fittingForms, plotResults, type PlottedGlobal } from "../tracing/plots.js";
import type { Result } from "../tracing/result.js";
import type { Failure } from "./failures.js";
import type { Session } from "./session.js";
import { describeType, userGlobals } from "./types.js";

/** Why it cannot be shown so; null where it can, now or when a trace has written it. */
export function plotRefusal(session: Session, { name, form }: PlotRequest): Failure | null {
  const plotted = plottedGlobal(session, name);
  if (!plotted) return unknown(session, name);
  const forms = fittingForms(plotted);
  if (form === null || forms.some((fitting) => fitting === form)) return null;
  const { type } = plotted.variable;
  return failure(
    `${name} cannot be shown as ${form}`,
    `it is ${/^[aeiou]/.test(describeType(type)) ? "an" : "a"} ${describeType(type)}, which fits ${forms.join(", ")}`,
  );
}

/** What it shows now. Only of what is not refused. */
export function plotOf(session: Session, request: PlotRequest, limits: Partial<Limits> = {}): Result[] {
  const { name, form, top, perSecond } = request;
  const plotted = plottedGlobal(session, name, limits);
  if (!plotted) return [];
  const options = { perSecond, form: form ?? undefined, top: top ?? undefined };
  const nothing: Result = { kind: "text", label: "", value: `${name}: nothing has come yet` };
  return plotResults(plotted, options) ?? [nothing];
}

/** Whether it shows what only a trace makes, and no trace has. */
export function lacksHistory(session: Session, { name, form }: PlotRequest): Failure | null {
  if ((form !== "heatmap" && form !== "series") || session.histories.of(name)) return null;
  return failure(
    `nothing is known of how ${name} moved`,
    `a trace that writes it is needed: \`%plot ${name} as ${form}\` in its cell, or in a later one`,
  );
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

/** A global in the form that somebody has chosen. */
import type { GlobalStore } from "../compiler/closures/runtime.js";
import type { GlobalVariable } from "../compiler/check/program.js";
import { canBeSampled, type Sampled } from "./history.js";
import { overlayResults } from "./overlay.js";
import { heatmapResult, heatmapsResult, seriesResult } from "./over_time.js";
import type { Result } from "./result.js";
import {
  arrayBars,
  arrayCallTree,
  arrayFlame,
  arrayHistograms,
  arrayTable,
  scalarResult,
  shownEntries,
  statisticResults,
  type ShowOptions,
} from "./results.js";
import { stackKeysOf } from "./stores/stored_globals.js";

/** Forms that a global may have. */
export type PlotForm = "value" | "table" | "bars" | "hist" | "overlay" | "heatmap" | "series" | "flame" | "tree";

/** What is shown, and what is known of it. */
export interface PlottedGlobal {
  readonly variable: GlobalVariable;
  readonly store: GlobalStore;
  /** How it moved while a trace wrote it; undefined where none has. */
  readonly history: Sampled | undefined;
  readonly show: ShowOptions;
}

export interface PlotOptions {
  /** The one that fits best where absent. */
  readonly form?: PlotForm | undefined;
  /** How many of the largest rows, bars, histograms or lines. */
  readonly top?: number | undefined;
  /** Lines of what was added in a second. */
  readonly perSecond: boolean;
}

/** Lines that are told apart at a glance. */
const MOST_LINES = 6;

/** The forms that fit, the best first. */
export function fittingForms({ variable, store, history }: PlottedGlobal): PlotForm[] {
  const { type, parts } = variable;
  const overTime = (...forms: PlotForm[]): PlotForm[] => (canBeSampled(variable, store) ? forms : []);
  if (type.kind === "scalar") {
    const moved = (history?.samples().length ?? 0) > 1;
    return moved ? [...overTime("series"), "value"] : ["value", ...overTime("series")];
  }
  const heatmap = overTime("heatmap");
  const histogram: PlotForm[] = parts.log
    ? ["hist", ...(type.kind === "array" ? ["overlay" as const] : []), ...heatmap]
    : [];
  if (type.kind === "statistic") return [...histogram, "table", ...overTime("series")];
  if (type.value !== "string" && stackKeysOf(store))
    return type.value === "statistic" ? ["tree", "flame", "table", "bars"] : ["flame", "tree", "table", "bars"];
  if (type.value === "statistic") return [...histogram, "table", "bars", ...overTime("series")];
  if (type.value === "string") return ["table"];
  return ["bars", "table", ...overTime("series")];
}

/** What it shows in a form that fits; null where there is nothing yet that has that form. */
export function plotResults(plotted: PlottedGlobal, options: PlotOptions): Result[] | null {
  const { variable, store, history } = plotted;
  const { top, perSecond } = options;
  const form = options.form ?? fittingForms(plotted)[0] ?? "table";
  const show = { ...plotted.show, top };
  const { unit } = show;
  const { name, type } = variable;
  switch (form) {
    case "value":
      return [scalarResult(variable, store, show)];
    case "table":
      if (type.kind === "statistic") return statisticResults(variable, store.getStatistic([]), show).slice(0, 1);
      return [arrayTable(variable, shownEntries(store), show)];
    case "bars":
      return [arrayBars(variable, shownEntries(store), show)];
    case "hist": {
      const results =
        type.kind === "statistic"
          ? statisticResults(variable, store.getStatistic([]), show)
          : arrayHistograms(variable, shownEntries(store), show);
      // Nothing recorded yet has no histogram, but a statistic says so in a table.
      return results.length === 0 ? null : results.slice(-1);
    }
    case "overlay":
      return overlayResults(variable, shownEntries(store), show);
    case "heatmap":
      if (type.kind === "array") return resultOrNone(history && heatmapsResult(name, history, { unit, top }));
      return resultOrNone(history && heatmapResult(name, history.samples(), unit));
    case "series": {
      const options = { unit, top: top ?? MOST_LINES, perSecond, keys: history?.keys ?? 0 };
      return resultOrNone(history && seriesResult(name, history.samples(), options));
    }
    case "tree":
      return [arrayCallTree(variable, store, show)];
    case "flame":
      return [arrayFlame(variable, store, show)];
  }
}

function resultOrNone(result: Result | null | undefined): Result[] | null {
  return result ? [result] : null;
}

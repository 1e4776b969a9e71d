/** SystemTap's text of a global that a script wrote and nothing read. */
import type { GlobalVariable } from "../compiler/check/program.js";
import type { GlobalStore, Statistic, Value } from "../compiler/closures/runtime.js";
import { sortedEntries } from "../tracing/results.js";

/** The globals to show after a run. */
export function unreadGlobals(globals: readonly { readonly variable: GlobalVariable }[]): GlobalVariable[] {
  return globals.map(({ variable }) => variable).filter(({ written, read }) => written && !read);
}

/** A byte string, with a line break behind each element. */
export function autoprint(global: GlobalVariable, store: GlobalStore): string {
  const { type } = global;
  if (type.kind === "scalar") return `${global.name}=${quote(store.get([]) ?? (type.value === "long" ? 0n : ""))}\n`;
  if (type.kind === "statistic") return `${global.name}${statisticText(store.getStatistic([]))}\n`;
  return sortedEntries(store)
    .map(
      ({ key, value, statistic }) =>
        `${global.name}[${key.map(quote).join(",")}]${type.value === "statistic" ? statisticText(statistic ?? undefined) : `=${quote(value)}`}\n`,
    )
    .join("");
}

function quote(value: Value): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}

function statisticText(statistic: Statistic | undefined): string {
  if (!statistic || statistic.count === 0n) return " @count=0x0";
  const { count, min, max, sum } = statistic;
  return ` @count=${count} @min=${min} @max=${max} @sum=${sum} @avg=${sum / count}`;
}

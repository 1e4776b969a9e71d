/** A trace that runs: how long, how much, how fast, and how far where its length is known. */
import type { ProgressResult } from "../tracing/result.js";
import { textBundle, type MimeBundle } from "./bundle.js";
import { escapeHtml } from "./escape.js";
import { fidelityPlain, isClean } from "./fidelity.js";
import { groupDigits } from "./quantity.js";

/** For a terminal, digits without gaps. */
export function progressPlain(result: ProgressResult): string {
  return [parts(result, String).join(" · "), probeRates(result, String)].filter(Boolean).join("\n");
}

/** So many points have their rates shown. */
const POINTS_SHOWN = 5;

/** Empty where there is one point, whose rate is that of all. */
function probeRates({ probes }: ProgressResult, digits: (value: bigint) => string): string {
  const shown = probes
    .slice(0, POINTS_SHOWN)
    .map(({ point, eventsPerSecond }) => `${point} ${digits(BigInt(Math.round(eventsPerSecond)))}/s`);
  const others = probes.length - shown.length;
  return [...shown, ...(others > 0 ? [`and ${others} more`] : [])].join(" · ");
}

/** One line, with a bar beneath where the length is known. What is lost is told as soon as it is known. */
export function renderProgress(result: ProgressResult): MimeBundle {
  const { fidelity, totalSeconds } = result;
  const line = parts(result, groupDigits).map(escapeHtml).join(" · ");
  const trouble = isClean(fidelity)
    ? ""
    : ` · <span style="color:${RED};font-weight:700">${escapeHtml(lossOf(result))}</span>`;
  const text = greyLine(`${line}${trouble}`);
  const probes = probeRates(result, groupDigits);
  const rates = probes === "" ? "" : greyLine(escapeHtml(probes));
  return textBundle(
    progressPlain(result),
    totalSeconds === undefined ? `${text}${rates}` : `${text}${bar(fidelity.seconds / totalSeconds)}${rates}`,
  );
}

/** Of HTML, with digits that do not jump. */
export function greyLine(html: string): string {
  return `<div style="color:${GREY};font-size:var(--jp-ui-font-size1,13px);font-variant-numeric:tabular-nums;padding:.15em 0">${html}</div>`;
}

const GREY = "var(--jp-ui-font-color2,#767676)";
const RED = "var(--jp-error-color1,#d9363e)";
const BLUE = "var(--jp-brand-color1,#1976d2)";

function parts(
  { state, fidelity, eventsPerSecond, totalSeconds }: ProgressResult,
  digits: (value: bigint) => string,
): string[] {
  const length = totalSeconds === undefined ? "" : ` of ${totalSeconds} s`;
  return [
    `${state} ${fidelity.seconds.toFixed(1)}${length === "" ? " s" : length}`,
    `${digits(fidelity.events)} events`,
    `${digits(BigInt(Math.round(eventsPerSecond)))}/s`,
  ];
}

/** The fidelity line without what is said already. */
function lossOf({ fidelity }: ProgressResult): string {
  return fidelityPlain(fidelity)
    .split(" · ")
    .filter((item) => /^(lost|map-full|missed|errors|output cut)/.test(item) && !item.endsWith(" 0"))
    .join(" · ");
}

/** How much of a length is behind us. */
export function bar(share: number): string {
  const percent = Math.min(100, Math.max(0, share * 100)).toFixed(1);
  return `<div style="height:4px;max-width:30em;border-radius:2px;background:var(--jp-border-color2,#e0e0e0)"><div style="height:4px;border-radius:2px;width:${percent}%;background:${BLUE}"></div></div>`;
}

import type { FidelityFigures, FidelityResult } from "../tracing/result.js";
import { textBundle, type MimeBundle } from "./bundle.js";
import { escapeHtml } from "./escape.js";
import { groupDigits } from "./quantity.js";

interface Item {
  readonly text: (digits: (value: bigint) => string) => string;
  /** What it means, for whoever hovers over it. */
  readonly meaning: string;
  readonly trouble: boolean;
}

/** Whether nothing was lost, refused, missed, cut or in error: what was shown is the whole truth. */
export function isClean(result: FidelityResult): boolean {
  return items(result).every(({ trouble }) => !trouble);
}

/** The line for a terminal: no colours, digits without gaps. */
export function fidelityPlain(result: FidelityResult): string {
  return items(result)
    .map(({ text }) => text(String))
    .join(" · ");
}

/** One line: grey and quiet when all is well; else red, with what is wrong set off. */
export function renderFidelity(result: FidelityResult): MimeBundle {
  const clean = isClean(result);
  const spans = items(result).map(({ text, meaning, trouble }) => {
    const style = trouble ? ` style="color:${RED};font-weight:700"` : "";
    return `<span title="${escapeHtml(meaning)}"${style}>${escapeHtml(text(groupDigits))}</span>`;
  });
  const line = clean ? spans : [`<span style="color:${RED};font-weight:700">⚠ incomplete</span>`, ...spans];
  const frame = clean
    ? "padding:.15em 0"
    : `padding:.25em .7em;border-left:3px solid ${RED};background:rgba(211,47,47,.09)`;
  const html = `<div style="color:${GREY};font-size:var(--jp-ui-font-size1,13px);font-variant-numeric:tabular-nums;${frame}">${line.join(" · ")}</div>`;
  return textBundle(fidelityPlain(result), html);
}

const GREY = "var(--jp-ui-font-color2,#767676)";
const RED = "var(--jp-error-color1,#d9363e)";

function items(result: FidelityResult): Item[] {
  const counts: Item[] = [
    count("events", result.events, "probe hits that ran a handler", false),
    count("lost", result.lost, "output records that found the ring buffer full", true),
    count("map-full", result.mapFull, "insertions refused because an array was full", true),
    count("missed", result.missed, "hits skipped because the probe was already running on that CPU", true),
    count("errors", result.errors, "run-time errors of handlers", true),
  ];
  return [...counts, ...cutItem(result), ...overloadItem(result), ...costItems(result)];
}

function count(name: string, value: bigint, meaning: string, harmful: boolean): Item {
  return { text: (digits) => `${name} ${digits(value)}`, meaning, trouble: harmful && value > 0n };
}

function cutItem({ cut }: FidelityResult): Item[] {
  if (cut.lines === 0n && cut.bytes === 0n) return [];
  return [
    {
      text: (digits) => `output cut by ${digits(cut.lines)} lines, ${digits(cut.bytes)} bytes`,
      meaning: "left out of the display by the output cap",
      trouble: true,
    },
  ];
}

function overloadItem({ overload }: FidelityResult): Item[] {
  if (!overload) return [];
  const text = `stopped at ${percent(overload.share)} % of the machine (max ${percent(overload.maxShare)} %)`;
  return [
    {
      text: () => text,
      meaning: "its probes took more of the processors' time than max= allows, so that it was ended early",
      trouble: true,
    },
  ];
}

function costItems({ nanosecondsPerHit, cpuShare, seconds }: FidelityResult): Item[] {
  const cost: [string, string][] = [];
  if (nanosecondsPerHit !== null) cost.push([`${Math.round(nanosecondsPerHit)} ns/hit`, "time a hit took, measured"]);
  if (cpuShare !== null)
    cost.push([`${percent(cpuShare)} % of a CPU`, "time spent in handlers; 100 % is one whole CPU"]);
  cost.push([`${seconds.toFixed(1)} s`, "how long it ran"]);
  return cost.map(([text, meaning]) => ({ text: () => text, meaning, trouble: false }));
}

function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 0.05 ? "<0.1" : value.toFixed(1);
}

/** What metadata and files keep of it. */
export function fidelityFigures(result: FidelityResult): FidelityFigures {
  const { events, lost, mapFull, missed, errors, cut, nanosecondsPerHit, cpuShare, seconds, overload } = result;
  return {
    events: jsonNumber(events),
    lost: jsonNumber(lost),
    mapFull: jsonNumber(mapFull),
    missed: jsonNumber(missed),
    errors: jsonNumber(errors),
    cut: { lines: jsonNumber(cut.lines), bytes: jsonNumber(cut.bytes) },
    nanosecondsPerHit,
    cpuShare,
    seconds,
    ...(overload ? { overload } : {}),
  };
}

/** JSON has no bigint: a count beyond what a number holds exactly stays exact as text. */
function jsonNumber(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}

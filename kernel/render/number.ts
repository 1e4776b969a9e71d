import type { NumberResult } from "../tracing/result.js";
import { textBundle, type MimeBundle } from "./bundle.js";
import { escapeHtml } from "./escape.js";
import { dimensionOf, exactQuantity, readableQuantity } from "./quantity.js";

/** A number as SystemTap prints a global, `name=42`, its unit added. */
export function numberPlain(result: NumberResult): string {
  const unit = result.unit ? ` ${result.unit}` : "";
  return `${result.label === "" ? "" : `${result.label}=`}${result.value}${unit}`;
}

/** A number with its digits in groups and, where its unit is better scaled, what it amounts to. */
export function renderNumber(result: NumberResult): MimeBundle {
  const exact = exactQuantity(result.value, result.unit);
  const readable = readableQuantity(result.value, result.unit);
  const helps = dimensionOf(result.unit) !== null && readable.replace(" ", "") !== exact.replace(" ", "");
  const label =
    result.label === ""
      ? ""
      : `<span style="color:var(--jp-content-font-color2,#767676)">${escapeHtml(result.label)} =</span> `;
  const also = helps
    ? ` <span style="color:var(--jp-content-font-color2,#767676)">(${escapeHtml(readable)})</span>`
    : "";
  const value = `<span style="font-weight:600;font-variant-numeric:tabular-nums">${escapeHtml(exact)}</span>`;
  return textBundle(numberPlain(result), `<div>${label}${value}${also}</div>`);
}

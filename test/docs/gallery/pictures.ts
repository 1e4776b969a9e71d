/** Pictures of displays: a chart's own still picture, and of pages what a browser shows of them. */
import { createHash } from "node:crypto";
import { plainResult, renderResult } from "../../../kernel/render/index.js";
import type { Result } from "../../../kernel/tracing/result.js";
import { openBrowser } from "../../lab/lab-page.js";

export type Theme = "light" | "dark";
export const THEMES: readonly Theme[] = ["light", "dark"];

/** What is drawn of a result: a chart has no background, and is legible on both themes; a page has one. */
export type Drawing =
  { readonly kind: "chart"; readonly svg: string } | { readonly kind: "page"; readonly html: string };

export async function drawingOf(result: Result): Promise<Drawing> {
  const { data } = await renderResult(result);
  const svg = data["image/svg+xml"];
  if (typeof svg === "string") return { kind: "chart", svg: withOwnNames(svg) };
  const html = data["text/html"];
  return { kind: "page", html: typeof html === "string" ? html : `<pre>${plainResult(result)}</pre>` };
}

/** Vega counts what it names from the start of the process on. */
function withOwnNames(svg: string): string {
  const names = new Map<string, string>();
  return svg.replace(/\b(clip|gradient_)\d+\b/g, (name, kind: string) => {
    if (!names.has(name)) names.set(name, `${kind}${names.size + 1}`);
    return names.get(name) ?? name;
  });
}

/** What tells whether a picture of a page is still that of this page. */
export function fingerprint(html: string): string {
  return createHash("sha256").update(html).digest("hex").slice(0, 16);
}

/** The pages as PNG, in the order in which they were given. */
export async function photographs(
  pages: readonly { readonly html: string; readonly theme: Theme }[],
): Promise<Buffer[]> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 720, height: 600 }, deviceScaleFactor: 1.5 });
    const pictures: Buffer[] = [];
    for (const { html, theme } of pages) {
      await page.setContent(`<style>${COLOURS[theme]}</style><div id="shown">${html}</div>`);
      pictures.push(await page.locator("#shown").screenshot());
    }
    return pictures;
  } finally {
    await browser.close();
  }
}

/** As JupyterLab's themes have them. */
const COLOURS: Readonly<Record<Theme, string>> = {
  light: "body{margin:0;background:#fff;color:#212121;font:13px sans-serif}#shown{display:inline-block;padding:10px}",
  dark: "body{margin:0;background:#111;color:#fff;font:13px sans-serif;--jp-border-color2:#424242;--jp-ui-font-color2:#b3b3b3;--jp-content-font-color2:#b3b3b3}#shown{display:inline-block;padding:10px}",
};

/** A page of help as text and as Markdown. */
import { inTwoColumns, wrapped } from "../../magics/columns.js";
import type { MimeBundle } from "../../protocol/interpreter.js";

export interface HelpPage {
  /** What it is about, as it is written in a script. */
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** Forms, parameters, variables: in two columns, the second explaining the first. */
  readonly rows: readonly (readonly [string, string])[];
  /** C: a prototype, a struct. */
  readonly code?: string;
  /** Text whose columns matter, such as a table. */
  readonly preformatted?: string;
  readonly example?: string | undefined;
}

export function helpBundle(all: readonly HelpPage[], withExamples: boolean): MimeBundle {
  const pages = withExamples ? all : all.map((page) => ({ ...page, example: undefined }));
  const data = {
    "text/plain": pages.map(plainPage).join("\n\n"),
    "text/markdown": pages.map(markdownPage).join("\n\n---\n\n"),
  };
  return { data, metadata: {} };
}

export function plainPage({ title, paragraphs, rows, code, preformatted, example }: HelpPage): string {
  const prose = paragraphs.map((paragraph) => wrapped(paragraph).join("\n"));
  const parts = [title, ...(code === undefined ? [] : [code]), ...prose];
  if (rows.length > 0) parts.push(inTwoColumns(rows, 2));
  if (preformatted !== undefined) parts.push(preformatted.trimEnd());
  if (example !== undefined) parts.push(`Example:\n${indented(example)}`);
  return parts.join("\n\n");
}

function markdownPage({ title, paragraphs, rows, code, preformatted, example }: HelpPage): string {
  const parts = [codeBlock(title), ...(code === undefined ? [] : [codeBlock(code, "c")]), ...paragraphs];
  if (rows.length > 0)
    parts.push(rows.map(([left, right]) => `- \`${left}\`${right === "" ? "" : `: ${right}`}`).join("\n"));
  if (preformatted !== undefined) parts.push(codeBlock(preformatted.trimEnd()));
  if (example !== undefined) parts.push("Example:", codeBlock(example.trimEnd()));
  return parts.join("\n\n");
}

function codeBlock(text: string, language = ""): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

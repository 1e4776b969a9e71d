/** Chapters of the manual as data: their examples, what each is expected to do, and which rows of the language it shows. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseOptions, type ExampleOptions } from "./options.js";

export interface Example {
  /** Where it stands, such as `05-statements.md:40`. */
  readonly place: string;
  readonly code: string;
  readonly options: ExampleOptions;
  /** Ids of rows.json. */
  readonly shows: readonly string[];
  /** What the `text` block holds; null where there is none. */
  readonly text: string | null;
  /** What the `error` block holds; null where there is none. */
  readonly error: string | null;
}

export interface Section {
  readonly title: string;
  readonly examples: readonly Example[];
}

export interface Chapter {
  readonly file: string;
  readonly sections: readonly Section[];
}

/** Something in a chapter's Markdown that the format does not allow. */
export class ChapterError extends Error {
  constructor(place: string, message: string) {
    super(`${place}: ${message}`);
  }
}

const FOLDER = dirname(fileURLToPath(import.meta.url));

/** Every chapter, in order. */
export function readChapters(): Chapter[] {
  const files = readdirSync(FOLDER).filter((name) => /^\d\d-.*\.md$/.test(name));
  return files
    .toSorted()
    .map((file) => ({ file, sections: parseChapter(file, readFileSync(join(FOLDER, file), "utf8")) }));
}

/** The rows of the language's tables: what each id stands for. */
export function readRows(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(FOLDER, "rows.json"), "utf8")) as Record<string, string>;
}

interface Fence {
  readonly line: number;
  readonly language: string;
  readonly info: string;
  readonly body: string;
}

/** One chapter's Markdown: sections by their headings, each with its examples. */
export function parseChapter(file: string, markdown: string): Section[] {
  const sections: { title: string; examples: Example[] }[] = [];
  let shows: string[] = [];
  for (const part of partsOf(file, markdown)) {
    if (part.kind === "heading") sections.push({ title: part.title, examples: [] });
    else if (part.kind === "shows") shows.push(...part.ids);
    else {
      const place = `${file}:${part.fence.line}`;
      const examples = sections.at(-1)?.examples;
      if (!examples) throw new ChapterError(place, "an example stands before the first heading");
      if (part.fence.language === "systemtap") {
        examples.push(newExample(place, part.fence, shows));
        shows = [];
      } else {
        const example = examples.pop();
        if (!example) throw new ChapterError(place, `a ${part.fence.language} block follows no example`);
        examples.push(withExpectation(place, example, part.fence));
      }
    }
  }
  if (shows.length > 0) throw new ChapterError(file, `no example follows the last "shows": ${shows.join(", ")}`);
  return sections;
}

type Part =
  | { readonly kind: "heading"; readonly title: string }
  | { readonly kind: "shows"; readonly ids: readonly string[] }
  | { readonly kind: "fence"; readonly fence: Fence };

function partsOf(file: string, markdown: string): Part[] {
  const lines = markdown.split("\n");
  const parts: Part[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const heading = /^#+ (?<title>.*)$/.exec(line);
    const shown = /^<!-- shows: (?<ids>.*) -->$/.exec(line);
    const fence = /^```(?<language>\w+)(?: (?<info>.*))?$/.exec(line);
    if (heading) parts.push({ kind: "heading", title: heading.groups!["title"]! });
    else if (shown) parts.push({ kind: "shows", ids: shown.groups!["ids"]!.split(/,\s*/) });
    else if (fence) {
      const end = lines.indexOf("```", index + 1);
      if (end < 0) throw new ChapterError(`${file}:${index + 1}`, "the block is never closed");
      const { language = "", info = "" } = fence.groups!;
      const body = lines.slice(index + 1, end);
      parts.push({
        kind: "fence",
        fence: { line: index + 1, language, info, body: body.map((row) => `${row}\n`).join("") },
      });
      index = end;
    } else if (line.startsWith("```")) throw new ChapterError(`${file}:${index + 1}`, "a block needs a language");
  }
  return parts;
}

function newExample(place: string, { info, body }: Fence, shows: readonly string[]): Example {
  const options = parseOptions(info);
  if (typeof options === "string") throw new ChapterError(place, options);
  return { place, code: body, options, shows, text: null, error: null };
}

function withExpectation(place: string, example: Example, { language, info, body }: Fence): Example {
  if (language !== "text" && language !== "error") throw new ChapterError(place, `there are no ${language} blocks`);
  if (info !== "" && info !== "open") throw new ChapterError(place, `unknown option ${info}`);
  if (example[language] !== null) throw new ChapterError(place, `the example has two ${language} blocks`);
  // Text that does not end its last line.
  const text = info === "open" ? body.replace(/\n$/, "") : body;
  return { ...example, [language]: text };
}

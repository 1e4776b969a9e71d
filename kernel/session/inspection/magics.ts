/** A magic with its options. */
import { magics, type Magic, type MagicArgument } from "../../magics/index.js";
import type { HelpPage } from "./help_page.js";

/** Of the magic that the word names, else of the one that the line uses. */
export function magicPages(word: string, line: string): HelpPage[] {
  const named = magics.filter(({ name }) => name === word);
  if (named.length > 0) return named.map(magicPage);
  const used = /^%%?(\w+)\s/.exec(line)?.[1];
  return word === "" ? [] : magics.filter(({ name }) => name === used).map(magicPage);
}

export function magicPage({ usage, summary, example, arguments: expected = [] }: Magic): HelpPage {
  return { title: usage, paragraphs: [sentence(summary)], rows: expected.flatMap(optionRow), example };
}

function optionRow(argument: MagicArgument): (readonly [string, string])[] {
  return argument.kind === "option" ? [[argument.text, argument.meaning]] : [];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

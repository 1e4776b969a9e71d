/** Text for a terminal: no line is wider than one, and what is broken goes on below where it began. */

const TERMINAL_WIDTH = 80;

/** The lines of a paragraph. A word that is wider than a line has a line of its own. */
export function wrapped(text: string, width = TERMINAL_WIDTH): string[] {
  return linesOf(text.split(/\s+/).filter(Boolean), width);
}

/** A heading with words below it, which may have blanks in them and are not broken there. */
export function withWordsBelow(heading: string, words: readonly string[]): string {
  const margin = "    ";
  return [heading, ...linesOf(words, TERMINAL_WIDTH - margin.length).map((line) => margin + line)].join("\n");
}

function linesOf(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

/** No explanation is squeezed into less, however wide what stands left of it is. */
const LEAST_RIGHT = 30;

/** Rows of a name and its explanation, which go below each other where a name leaves the explanation too little room. */
export function inTwoColumns(rows: readonly (readonly [string, string])[], indentation = 0): string {
  const widest = TERMINAL_WIDTH - indentation - 2 - LEAST_RIGHT;
  const width = Math.max(0, ...rows.map(([left]) => left.length).filter((length) => length <= widest));
  const margin = " ".repeat(indentation);
  const lines = rows.flatMap(([left, right]) => {
    const beside = wrapped(right, TERMINAL_WIDTH - indentation - width - 2);
    if (beside.length === 0 || left.length > width) beside.unshift("");
    return beside.map((text, index) => `${margin}${(index === 0 ? left : "").padEnd(width)}  ${text}`.trimEnd());
  });
  return lines.join("\n");
}

/** Shell patterns in probe points: `*`, `?` and `[…]`. */

export function isWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** A test of whether a whole name fits the pattern. */
export function wildcard(pattern: string): (name: string) => boolean {
  const source = pattern.replace(/\[!?[^\]]+\]|[\s\S]/g, (piece) => {
    if (piece === "*") return ".*";
    if (piece === "?") return ".";
    if (piece.length > 1) return piece.replace("[!", "[^").replace(/\\/g, "\\\\");
    return piece.replace(/[.+^${}()|[\]\\]/, "\\$&");
  });
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}

/** The names that `{a,b}` in a name stands for. */
export function expandBraces(text: string): readonly string[] {
  const match = /^([^{]*)\{([^{}]*)\}([^]*)$/.exec(text);
  if (!match) return [text];
  const [, before = "", choices = "", after = ""] = match;
  return choices.split(",").flatMap((choice) => expandBraces(before + choice.trim() + after));
}

/** A test of whether a name is what is written: with braces and wildcards, or plain. */
export function nameTest(written: string): (name: string) => boolean {
  const tests = expandBraces(written).map((each) =>
    isWildcard(each) ? wildcard(each) : (name: string) => name === each,
  );
  return (name) => tests.some((fits) => fits(name));
}

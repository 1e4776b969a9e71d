/** Numbers of which each bit has a name. */

type Named = readonly [flag: string, name: string];

/** Statements that put the names of what is in `flags` behind what `__text` holds already, and take it out of `flags`. */
export function takeFlags(names: readonly Named[]): string {
  return names
    .map(
      ([flag, name]) => `if ((flags & ${flag}) == ${flag}) {
    __text .= "|${name}"
    flags &= ~${flag}
  }`,
    )
    .join("\n  ");
}

/** The same, and then return them; bits without a name stand there in hexadecimal. */
export function flagNames(names: readonly Named[]): string {
  return [
    takeFlags(names),
    'if (flags) __text .= sprintf("|0x%x", flags)',
    "return substr(__text, 1, strlen(__text))",
  ].join("\n  ");
}

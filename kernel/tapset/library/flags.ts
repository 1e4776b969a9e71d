/** Numbers of which each bit has a name. */

/** Statements that return the names of what is in `flags`, after what `__text` holds already; bits without a name stand there in hexadecimal. */
export function flagNames(names: readonly (readonly [flag: string, name: string])[]): string {
  return [
    ...names.map(
      ([flag, name]) => `if ((flags & ${flag}) == ${flag}) {
    __text .= "|${name}"
    flags &= ~${flag}
  }`,
    ),
    'if (flags) __text .= sprintf("|0x%x", flags)',
    "return substr(__text, 1, strlen(__text))",
  ].join("\n  ");
}

/** How C writes a byte that cannot stand in quotes as it is. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

/** `quote` is the mark that the byte stands between, which is escaped as well. */
export function escapeByte(byte: string, quote: "'" | '"'): string {
  const escape = byte === quote ? `\\${quote}` : ESCAPES[byte];
  if (escape !== undefined) return escape;
  return byte >= " " && byte <= "~" ? byte : `\\${byte.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

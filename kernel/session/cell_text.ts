/** A cell's magics and shell commands, taken out of the script with the places of everything else kept. */
export interface CellMagic {
  /** Empty for a shell command. */
  readonly name: string;
  readonly kind: "line" | "cell" | "shell";
  readonly argument: string;
}

export interface CellText {
  readonly magics: readonly CellMagic[];
  /** Lines of magics are blank in it. */
  readonly script: string;
}

const MAGIC_LINE = /^(?<sign>%%?)(?<name>[A-Za-z_]\w*)(?:\s+(?<argument>.*))?$/;

export function splitCell(code: string): CellText {
  const magics: CellMagic[] = [];
  const lines = code.split("\n").map((line, index) => {
    const text = line.trim();
    if (text.startsWith("!") && isShellLine(text)) {
      magics.push({ name: "", kind: "shell", argument: text.slice(1).trim() });
      return "";
    }
    const groups = MAGIC_LINE.exec(text)?.groups;
    if (!groups?.["name"]) return line;
    const kind = groups["sign"] === "%%" ? "cell" : "line";
    if (kind === "cell" && index > 0) return line;
    magics.push({ name: groups["name"], kind, argument: groups["argument"]?.trim() ?? "" });
    return "";
  });
  return { magics, script: lines.join("\n") };
}

/** `!command`, but not the language's `!x` as the start of a statement: that has an effect nobody could see. */
function isShellLine(text: string): boolean {
  return !/^!\s*[=(~]/.test(text);
}

/**
 * How deep in a script each line starts. It is not the lexer, since that reads whole scripts, and a line such as
 * `!ls /tmp/*` among them would open a comment for it.
 */
export class ScriptScan {
  /** What a line break does not end. */
  private inside: "script" | "comment" | "string" | "embedded" = "script";
  private isInLineComment = false;
  private depth = 0;
  /** Depths at the `%(` that are open: each branch starts from there. */
  private readonly conditionals: number[] = [];
  private lastToken = "";

  /** Whether nothing but blanks and comments has come. */
  get isBlank(): boolean {
    return this.lastToken === "" && this.inside === "script";
  }

  /** Whether the next line starts outside everything, and no expression waits for its right side. */
  get isBetweenStatements(): boolean {
    return (
      this.inside === "script" && this.depth === 0 && this.conditionals.length === 0 && !UNFINISHED.test(this.lastToken)
    );
  }

  /** What the end of the text so far lies in. */
  get place(): "script" | "comment" | "string" | "embedded" {
    return this.isInLineComment ? "comment" : this.inside;
  }

  /** Takes in one line, without its line break. */
  line(text: string): void {
    this.part(text);
    this.isInLineComment = false;
    // A string ends with its line unless the line break is escaped.
    if (this.inside === "string" && !/(?:^|[^\\])(?:\\\\)*\\\r?$/.test(text)) this.inside = "script";
  }

  /** Takes in the beginning of a line. */
  part(text: string): void {
    let offset = 0;
    while (offset < text.length) {
      const pattern = PATTERNS[this.inside];
      pattern.lastIndex = offset;
      const token = pattern.exec(text)?.[0] ?? text.slice(offset);
      offset += token.length;
      this.token(token);
    }
  }

  private token(token: string): void {
    if (this.inside !== "script") {
      if (token === CLOSERS[this.inside]) this.inside = "script";
      return;
    }
    this.isInLineComment = /^(?:\/\/|#)/.test(token);
    if (this.isInLineComment || /^\s/.test(token)) return;
    if (token === "/*") this.inside = "comment";
    else this.scriptToken(token);
  }

  private scriptToken(token: string): void {
    this.lastToken = token;
    if (token === '"') this.inside = "string";
    else if (token === "%{") this.inside = "embedded";
    else if (token === "%(") this.conditionals.push(this.depth);
    else if (token === "%:") this.depth = this.conditionals.at(-1) ?? this.depth;
    else if (token === "%)") this.conditionals.pop();
    else if (/^[{([]$/.test(token)) this.depth++;
    else if (/^[})\]]$/.test(token)) this.depth = Math.max(0, this.depth - 1);
  }
}

const CLOSERS = { comment: "*/", string: '"', embedded: "%}" } as const;

/** The next piece of a line, by what it lies in. An escaped quote is one piece with its backslash, so that it closes nothing. */
const PATTERNS = {
  script: /\s+|\/\/.*|[$@]#|#.*|\/\*|%[({?:)]|\+\+|--|[\w$@]+|"|[^]/y,
  comment: /\*\/|[^*]+|\*/y,
  string: /\\.?|[^"\\]+|"/y,
  embedded: /%\}|[^%]+|%/y,
};

/** A token behind which an expression goes on. */
const UNFINISHED = /^(?:[-=<>*/%&|^!~?:.,]|\+)$/;

/** What the compiler says about a script: data first, turned into text in one spot. */
import { lineAt, positionAt, type Span } from "./source.js";

export type Severity = "error" | "warning";

/** The pass that refused the script, as SystemTap counts them: 1 parse, 2 semantic, 3 compile. */
export type Pass = "parse" | "semantic" | "compile";

/** One thing that the compiler has to say about a text. */
export interface Diagnostic {
  /** Stable and searchable: `parse/unexpected-token`, `type/conflict`. */
  readonly code: string;
  readonly severity: Severity;
  readonly pass: Pass;
  readonly message: string;
  readonly span: Span;
  /** What to do about it, as a sentence in the imperative. */
  readonly hint?: string;
  /** A second place that has a part in it, such as where the other type came from. */
  readonly related?: { readonly message: string; readonly span: Span };
}

/** Collects diagnostics of one run; a place is reported once, so that one mistake does not cascade. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];

  report(diagnostic: Diagnostic): void {
    const known = this.list.some(
      (other) =>
        other.span.source === diagnostic.span.source &&
        other.span.start === diagnostic.span.start &&
        other.severity === diagnostic.severity,
    );
    if (!known) this.list.push(diagnostic);
  }

  /** How many that were. */
  withdraw(which: (diagnostic: Diagnostic) => boolean): number {
    const before = this.list.length;
    const kept = this.list.filter((diagnostic) => !which(diagnostic));
    this.list.splice(0, before, ...kept);
    return before - kept.length;
  }

  error(pass: Pass, code: string, span: Span, message: string, more: Pick<Diagnostic, "hint" | "related"> = {}): void {
    this.report({ code, severity: "error", pass, message, span, ...more });
  }

  warning(
    pass: Pass,
    code: string,
    span: Span,
    message: string,
    more: Pick<Diagnostic, "hint" | "related"> = {},
  ): void {
    this.report({ code, severity: "warning", pass, message, span, ...more });
  }

  get hasErrors(): boolean {
    return this.list.some((diagnostic) => diagnostic.severity === "error");
  }
}

/** The text of a diagnostic: message, place, excerpt with carets, related place, hint. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const lines = [`${diagnostic.severity}: ${diagnostic.message} [${diagnostic.code}]`, ...excerpt(diagnostic.span)];
  if (diagnostic.related) lines.push(`note: ${diagnostic.related.message}`, ...excerpt(diagnostic.related.span));
  if (diagnostic.hint) lines.push(`hint: ${diagnostic.hint}`);
  return lines.join("\n");
}

function excerpt(span: Span): string[] {
  const { line, column } = positionAt(span.source, span.start);
  const text = lineAt(span.source, span.start);
  const margin = " ".repeat(String(line).length);
  const width = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  return [
    `${margin}--> ${span.source.name}:${line}:${column}`,
    `${line} | ${text}`,
    `${margin} | ${indent}${"^".repeat(width)}`,
  ];
}

/** The lines of a script as comments between what was made of them. */
import { lineAt, positionAt, type Span } from "../source.js";

/** Gives a line's comment where code of it starts: `; cell 3:2: calls[name]++`. */
export class SourceLines {
  private previous = "";

  /** Null where what comes belongs to the line that was told last. */
  comment(span: Span): string | null {
    const { line } = positionAt(span.source, span.start);
    const comment = `; ${span.source.name}:${line}: ${lineAt(span.source, span.start).trim()}`;
    if (comment === this.previous) return null;
    this.previous = comment;
    return comment;
  }
}

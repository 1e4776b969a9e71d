/** Tokens and trees as text, for tests and for `%dump`. The form is stable. */
import { positionAt } from "../source.js";
import type { Script } from "./ast.js";
import { outlineScript, type Outline } from "./outline.js";
import type { Token } from "./token.js";

/** One token a line: `line:column kind text`. */
export function printTokens(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      const { line, column } = positionAt(token.span.source, token.span.start);
      const value = token.kind === "string" || token.kind === "embedded" ? JSON.stringify(token.value) : token.text;
      return `${line}:${column} ${token.kind} ${value}`.trimEnd();
    })
    .join("\n");
}

/** One node a line, indented below its parent. */
export function printTree(script: Script): string {
  const lines: string[] = [];
  const print = ({ label, children }: Outline, indent: string): void => {
    lines.push(indent + label);
    for (const child of children) print(child, `${indent}  `);
  };
  print(outlineScript(script), "");
  return lines.join("\n");
}

/**
 * Scripts in four folders; the folder's name is the expectation. The first line of a refused one is a comment with the
 * codes of what must be said of it, and of nothing else.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "../../kernel/compiler/diagnostic.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";

const HERE = dirname(fileURLToPath(import.meta.url));

interface Case {
  readonly name: string;
  readonly text: string;
}

function casesOf(folder: string): Case[] {
  const names = readdirSync(join(HERE, folder)).filter((name) => name.endsWith(".stp"));
  return names.map((name) => ({ name, text: readFileSync(join(HERE, folder, name), "utf8") }));
}

const session = new Session({ native: loadNative(), catalogue, mode: "script" });

function errorsOf({ name, text }: Case, lastPass: "parse" | "semantic"): Diagnostic[] {
  return session.compile(text, { name, lastPass }).diagnostics.filter(({ severity }) => severity === "error");
}

describe.each([
  ["parse-accepted", "parse"],
  ["check-accepted", "semantic"],
] as const)("%s", (folder, lastPass) => {
  test.each(casesOf(folder).map((one) => [one.name, one] as const))("%s", (_, one) => {
    expect(errorsOf(one, lastPass).map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  });
});

describe.each([
  ["parse-refused", "parse"],
  ["check-refused", "semantic"],
] as const)("%s", (folder, pass) => {
  test.each(casesOf(folder).map((one) => [one.name, one] as const))("%s", (_, one) => {
    const expected = /^\/\/ (?<codes>.+)$/m.exec(one.text)?.groups?.["codes"]?.split(", ");
    const errors = errorsOf(one, "semantic");
    expect(errors.map(({ code }) => code)).toEqual(expected);
    expect(errors.filter((error) => error.pass !== pass)).toEqual([]);
  });
});

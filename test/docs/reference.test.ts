import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { referencePages } from "./reference.js";

const FOLDER = join(resolve(dirname(fileURLToPath(import.meta.url)), "../.."), "docs/reference");

test.each([...referencePages()])("docs/reference/%s is what the registries say", (name, text) => {
  if (process.env["UPDATE_REFERENCE"] === "1") writeFileSync(join(FOLDER, name), text);
  expect(readFileSync(join(FOLDER, name), "utf8")).toBe(text);
});

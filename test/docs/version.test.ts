import { readFileSync } from "node:fs";
import { VERSION } from "../../kernel/session/version.js";

test("the version that the kernel tells is the package's", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(VERSION).toBe(version);
});

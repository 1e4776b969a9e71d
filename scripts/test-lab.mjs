/**
 * `npm run test:lab`: the heavy tests, with a real JupyterLab 4 and a real browser. Pictures of what was seen are in
 * `.cache/screenshots` afterwards.
 */
import { closingLine, everythingIsRequired, runJest } from "./setup/jest.mjs";
import { ensureDebianPackages, labPackages } from "./setup/packages.mjs";
import { setUp } from "./setup/setup.mjs";
import { failed, runMain } from "./setup/terminal.mjs";
import { ensureTrixie } from "./setup/trixie.mjs";

// `npm test` leaves these out.
const where = ["--testPathIgnorePatterns", "/node_modules/", "--testMatch", "<rootDir>/test/lab/**/*.test.ts"];

await runMain(async () => {
  try {
    await setUp();
    if (everythingIsRequired()) await ensureDebianPackages(labPackages);
    await ensureTrixie();
  } catch (error) {
    failed(error.message);
    return closingLine({ passed: 0, failed: 1, skipped: 0 });
  }
  return closingLine(await runJest("lab", ["--runInBand", ...where, ...process.argv.slice(2)]));
});

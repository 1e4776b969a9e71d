/**
 * `npm test`: sets everything up, then runs every test that can run here; what cannot says why. With
 * TAPBOOK_REQUIRE_ALL=1 it installs the Debian packages that tests need, and what cannot run counts as failed.
 */
import { closingLine, everythingIsRequired, runJest } from "./setup/jest.mjs";
import { ensureDebianPackages, testPackages } from "./setup/packages.mjs";
import { setUp } from "./setup/setup.mjs";
import { failed, runMain } from "./setup/terminal.mjs";

await runMain(async () => {
  try {
    await setUp();
    if (everythingIsRequired()) await ensureDebianPackages(testPackages);
  } catch (error) {
    failed(error.message);
    return closingLine({ passed: 0, failed: 1, skipped: 0 });
  }
  return closingLine(await runJest("test", process.argv.slice(2)));
});

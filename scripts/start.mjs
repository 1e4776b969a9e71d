/** `npm start`: sets everything up, then runs the tour on a real kernel and shows it in the terminal. */
import { join } from "node:path";
import { runForeground } from "./setup/commands.mjs";
import { root } from "./setup/paths.mjs";
import { privilegeAdvice } from "./setup/privilege.mjs";
import { setUp } from "./setup/setup.mjs";
import { bold, failed, runMain } from "./setup/terminal.mjs";

await runMain(async () => {
  await setUp();
  const advice = privilegeAdvice();
  if (advice) {
    failed(advice);
    return 1;
  }
  // A process of its own: it needs packages that were not there when this one started.
  const status = await runForeground(process.execPath, [
    join(root, "scripts", "run-notebook.mjs"),
    join(root, "notebooks", "tour.ipynb"),
  ]);
  if (status === 0) console.log(`\n${bold("That was the tour.")} Open it in JupyterLab with: npm run lab`);
  return status;
});

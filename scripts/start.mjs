/** `npm start`: sets everything up, then runs the tour on a real kernel and shows it in the terminal. */
import { join } from "node:path";
import { runForeground } from "./setup/commands.mjs";
import { commandLine, kernelNode } from "./setup/kernelspec.mjs";
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
  const tour = join(root, "notebooks", "tour.ipynb");
  const status = await runForeground(kernelNode(), [commandLine, "notebook", "run", "--show", tour]);
  if (status === 0) console.log(`\n${bold("That was the tour.")} Open it in JupyterLab with: npm run lab`);
  return status;
});

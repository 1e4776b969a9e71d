/** How long until a kernel answers, and what the least cell costs. */
import { ipykernel, tapbook } from "./machine.mjs";
import { MeasuredKernel } from "./kernel.mjs";
import { spread, table } from "./samples.mjs";

const EMPTY_CELLS = 50;
const WARM_UP_CELLS = 20;

async function measureKernel({ specification }, runs) {
  const starts = [];
  const cells = [];
  for (let run = 0; run < runs; run++) {
    const { kernel, milliseconds } = await MeasuredKernel.start(specification);
    starts.push(milliseconds);
    if (run === runs - 1) {
      for (let cell = 0; cell < WARM_UP_CELLS; cell++) await kernel.execute("");
      for (let cell = 0; cell < EMPTY_CELLS; cell++) cells.push((await kernel.execute("")).milliseconds);
    }
    await kernel.shutdown();
  }
  return { starts: spread(starts, 0), cells: spread(cells, 2) };
}

export async function benchStart({ runs }) {
  const ours = await measureKernel(tapbook, runs);
  const missing = { starts: ipykernel.missing, cells: ipykernel.missing };
  const theirs = ipykernel.missing ? missing : await measureKernel(ipykernel, runs);
  return `## Start and dispatch

Milliseconds, median (least–greatest) of ${runs} starts and ${EMPTY_CELLS} cells, directly over ZeroMQ. Start: from before the process is spawned to the
first \`kernel_info_reply\`. Empty cell: from sending \`execute_request\` to having both its reply and its \`idle\`.

${table([
  ["", "Tapbook", "ipykernel", "aim"],
  ["spawn → kernel_info", ours.starts, theirs.starts, "250"],
  ["empty cell", ours.cells, theirs.cells, "5"],
])}`;
}

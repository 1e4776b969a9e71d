/** More than a million printed lines a second, beside displays that move: what reaches a Jupyter server must stay below its limits. */
import { streamText, type Client } from "../protocol/client.js";
import type { Message } from "../protocol/message-schemas.js";
import { displayed, peakMemory, RealKernel, WORKLOAD } from "./real_kernel.js";

/** For each of two traces: 6,000 events a second, of which each prints 100 lines, for five seconds. */
const EVENTS = 30_000;
const RATE = 6_000;
const LINES_OF_EVENT = 100;

/** jupyter_server's defaults: `iopub_msg_rate_limit`, `iopub_data_rate_limit` and `rate_limit_window`. */
const SERVER = { messages: 1000, bytes: 1_000_000, window: 3 };

const cell = (name: string, first: string): string => `${first}
global calls_${name}, line_${name}
probe syscall.getppid {
  if (execname() != "flood_${name}") next
  calls_${name}[tid(), line_${name} % 50]++
  for (i = 0; i < ${LINES_OF_EVENT}; i++) printf("${name} %d\\n", line_${name}++)
}`;

/** The most that a server's window of three seconds would have counted: what is not counted there is left out here. */
function worstWindow(client: Client): { messages: number; bytes: number } {
  const counted = client.published
    .filter(({ header }) => !["status", "comm_open", "execute_input"].includes(String(header["msg_type"])))
    .map((message) => ({
      at: client.arrivals.get(message.header["msg_id"]) ?? 0,
      bytes: message.header["msg_type"] === "stream" ? (client.sizes.get(message.header["msg_id"]) ?? 0) : 0,
    }));
  const worst = { messages: 0, bytes: 0 };
  for (const [index, first] of counted.entries()) {
    const within = counted.slice(index).filter(({ at }) => at - first.at < SERVER.window * 1000);
    worst.messages = Math.max(worst.messages, within.length);
    worst.bytes = Math.max(
      worst.bytes,
      within.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  }
  return worst;
}

/** Every line of the trace is shown, counted as left out, or of an event that the fidelity line counts as lost. */
function expectAccounted(name: string, published: readonly Message[]): void {
  const text = streamText(published);
  const numbers = [...text.matchAll(new RegExp(`^${name} (\\d+)$`, "gm"))].map((match) => Number(match[1]));
  expect(numbers.length).toBeGreaterThan(10_000);
  expect(text.length).toBeLessThan(6_000_000);
  const [, leftOut = ""] = /… (\d+) lines \(\d+ bytes\) left out; %%trace out=FILE keeps them …/.exec(text) ?? [];
  const fidelity = displayed(published).find((line) => line.startsWith("events")) ?? "";
  const lost = Number((/\blost ([\d,]+)/.exec(fidelity)?.[1] ?? "").replaceAll(",", ""));
  expect(numbers.length + Number(leftOut) + lost * LINES_OF_EVENT).toBe(EVENTS * LINES_OF_EVENT);
}

test("stays below a server's limits in messages and bytes, in bounded memory, and tells what it left out", async () => {
  const kernel = await RealKernel.start();
  const { client } = kernel;
  try {
    const command = (name: string): string =>
      `${WORKLOAD} syscalls getppid --count ${EVENTS} --rate ${RATE} --name flood_${name}`;
    const background = client.sendExecute(cell("back", `%%bg back -c '${command("back")}'`));
    await client.answer(background);
    const { reply, published } = await client.execute(cell("front", `%%trace -c '${command("front")}'`));
    expect(reply.content["status"]).toBe("ok");
    const isOver = (): boolean => displayed(client.of(background)).some((line) => line.startsWith("events"));
    await client.until(isOver, 40_000);
    await client.execute("%stop *");

    expectAccounted("front", published);
    expectAccounted("back", client.of(background));
    const worst = worstWindow(client);
    expect(worst.messages).toBeLessThan(SERVER.messages * SERVER.window);
    expect(worst.bytes).toBeLessThan(SERVER.bytes * SERVER.window);
    // Displays went on moving meanwhile.
    const updates = client.published.filter(({ header }) => header["msg_type"] === "update_display_data");
    expect(updates.length).toBeGreaterThan(2);
    expect(await peakMemory(kernel.process.pid ?? 0)).toBeLessThan(500);
  } finally {
    await kernel.close();
  }
}, 120_000);

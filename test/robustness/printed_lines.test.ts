/** A probe that prints far more than anybody can read, or a front end bear. */
import { streamText } from "../protocol/client.js";
import { displayed, peakMemory, RealKernel, WORKLOAD } from "./real_kernel.js";

const LINES = 1_000_000;

test("a million lines: in order, capped, every one accounted for, and control answers all along", async () => {
  const kernel = await RealKernel.start();
  try {
    await kernel.client.execute("1");
    const cell = kernel.client.sendExecute(`%%trace -c '${WORKLOAD} syscalls getppid --count ${LINES} --name taplines'
global n
probe syscall.getppid { if (execname() == "taplines") printf("line %d\\n", n++) }`);
    const delays: number[] = [];
    while (!kernel.client.replies.some(({ parent_header }) => parent_header["msg_id"] === cell)) {
      delays.push(await kernel.controlDelay());
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const { reply, published } = await kernel.client.answer(cell);
    expect(reply.content["status"]).toBe("ok");

    const text = streamText(published);
    expect(text.length).toBeLessThan(6_000_000);
    const numbers = [...text.matchAll(/^line (\d+)$/gm)].map((match) => Number(match[1]));
    expect(numbers.length).toBeGreaterThanOrEqual(50_000);
    expect(numbers.length).toBeLessThan(51_000);
    expect(numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0))).toBe(true);

    const fidelity = displayed(published).find((line) => line.startsWith("events")) ?? "";
    const counted = (name: string): number =>
      Number((new RegExp(`\\b${name} ([\\d,]+)`).exec(fidelity)?.[1] ?? "0").replaceAll(",", ""));
    const leftOut = Number(/… (\d+) lines/.exec(text)?.[1]);
    expect(numbers.length + leftOut + counted("lost")).toBe(LINES);

    expect(delays.length).toBeGreaterThan(1);
    // On a machine with more to do than CPUs one of them may have had to wait for those.
    expect(delays.filter((delay) => delay >= 500).length).toBeLessThanOrEqual(1);
    expect(Math.max(...delays)).toBeLessThan(1000);
    expect(await peakMemory(kernel.process.pid ?? 0)).toBeLessThan(500);
  } finally {
    await kernel.close();
  }
}, 60_000);

/** Large pictures are drawn in a thread of their own: the built kernel does everything else meanwhile. */
import { streamText } from "../protocol/client.js";
import type { Json, Message } from "../protocol/message-schemas.js";
import { RealKernel } from "../robustness/real_kernel.js";
import { describeUnless, kernelIsMissing } from "./checkout.js";

const control = { channel: "control" } as const;

const PICTURES = 6;
/** For nine hundred points, as many as a cell may print in one go. */
const ROWS = '%%table n square\nfor (i = 0; i < 900; i++) printf("%d %d\\n", i, i * i)';

describeUnless(kernelIsMissing(), "while pictures are drawn", () => {
  let kernel: RealKernel;
  beforeAll(async () => {
    kernel = await RealKernel.start();
    await kernel.client.execute(ROWS);
    await kernel.client.execute("%plot rows as scatter n square");
  });
  afterAll(() => kernel.close());

  const isDisplay = ({ header }: Message): boolean => header["msg_type"] === "display_data";
  /** On a busy machine the other thread may have been given all the time; drawn in the one that answers, it never holds. */
  async function holdsOnce(attempt: () => Promise<boolean>): Promise<boolean> {
    for (let attempts = 0; attempts < 8; attempts++) if (await attempt()) return true;
    return false;
  }

  const startDrawing = (): string => kernel.client.sendExecute("%plot rows as scatter n square\n".repeat(PICTURES));

  async function messagesAreAnswered(): Promise<boolean> {
    const cell = startDrawing();
    await kernel.client.until(() => kernel.client.of(cell).length > 0);
    let answers = 0;
    while (!kernel.client.of(cell).some(isDisplay)) {
      await kernel.client.request("kernel_info_request", {}, control);
      answers++;
    }
    const { published } = await kernel.client.answer(cell);
    const pictures = published.filter(isDisplay).map(({ content }) => (content["data"] as Json)["image/svg+xml"]);
    expect(pictures).toEqual(Array.from({ length: PICTURES }, () => expect.stringMatching(/^<svg .*<\/svg>$/s)));
    // Drawn in the thread that answers, they would let one message pass before the first of them is there.
    return answers > 4;
  }

  test("messages are answered, and the pictures are there in the end", async () => {
    expect(await holdsOnce(messagesAreAnswered)).toBe(true);
  });

  async function anotherCellRuns(): Promise<boolean> {
    const { reply } = await kernel.client.request("create_subshell_request", {}, control);
    const header = { subshell_id: reply.content["subshell_id"] };
    const trace = kernel.client.send(
      "execute_request",
      { code: 'probe begin { println("waiting") } probe timer.s(1000) { exit() }', allow_stdin: false },
      { header },
    );
    await kernel.client.until(() => kernel.client.of(trace).some(({ header }) => header["msg_type"] === "stream"));
    const cell = startDrawing();
    await kernel.client.until(() => kernel.client.of(cell).length > 0);
    await kernel.client.request("interrupt_request", {}, control);
    expect((await kernel.client.answer(trace)).reply.content["status"]).toBe("ok");
    const { published } = await kernel.client.execute("println(6 * 7)", {}, { header });
    expect(streamText(published)).toBe("42\n");
    const order = kernel.client.published;
    const [first] = kernel.client.of(cell).filter(isDisplay);
    const isAhead = first === undefined || order.indexOf(first) > order.indexOf(published[0]!);
    expect((await kernel.client.answer(cell)).reply.content["status"]).toBe("ok");
    return isAhead;
  }

  test("a trace is interrupted, and another cell runs", async () => {
    expect(await holdsOnce(anotherCellRuns)).toBe(true);
  });
});

import { startKernel, type TestKernel } from "./kernel.js";

let kernel: TestKernel;
beforeEach(async () => void (kernel = await startKernel()));
afterEach(() => kernel.close());

const header = JSON.stringify({
  msg_id: "1",
  msg_type: "execute_request",
  session: "s",
  username: "",
  date: "",
  version: "5.3",
});

/** Sends frames on shell; the kernel must say one line about them and go on. */
async function expectDropped(frames: (string | Uint8Array)[], why: RegExp): Promise<void> {
  const before = kernel.log.length;
  await kernel.client.sendFrames(frames, "shell");
  await kernel.client.until(() => kernel.log.length > before);
  expect(kernel.log.slice(before)).toEqual([expect.stringMatching(why)]);
  expect((await kernel.client.execute("lines 1")).reply.content["status"]).toBe("ok");
  expect(kernel.interpreter.executed.map(({ code }) => code)).toEqual(["lines 1"]);
}

describe("a bad message is dropped with one line, and the kernel goes on", () => {
  const good = [header, "{}", "{}", '{"code":"evil"}'];
  test("a wrong signature", () => expectDropped(["<IDS|MSG>", "0".repeat(64), ...good], /a wrong signature/));
  test("no signature", () => expectDropped(["<IDS|MSG>", "", ...good], /a wrong signature/));
  test("content changed after signing", () => {
    const frames = kernel.client.frames(good);
    frames[5] = '{"code":"changed"}';
    return expectDropped(frames, /a wrong signature/);
  });
  test("missing frames", () =>
    expectDropped(["<IDS|MSG>", "x", "{}"], /2 frames after the delimiter|frames after the delimiter/));
  test("no delimiter", () => expectDropped(["hello"], /no <IDS\|MSG> delimiter/));
  test("malformed JSON", () =>
    expectDropped(kernel.client.frames([header, "{}", "{}", "{code"]), /content that is not JSON/));
  test("a list for a header", () =>
    expectDropped(kernel.client.frames(["[]", "{}", "{}", "{}"]), /header that is not an object/));
  test("a header without a type", () =>
    expectDropped(kernel.client.frames(['{"msg_id":"1"}', "{}", "{}", "{}"]), /header without/));
});

test("500 random frame lists on every channel change nothing", async () => {
  // A fixed seed: a failure can be had again. (Numerical Recipes' linear congruential generator.)
  let state = 20_240_607;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pieces = ["<IDS|MSG>", "", "{}", "[]", "null", header, "{", '{"code":1}', "\u0000", "𝒳", "9".repeat(1000)];
  const frame = (): string | Uint8Array =>
    random(4) === 0
      ? Uint8Array.from({ length: random(40) }, () => random(256))
      : (pieces[random(pieces.length)] ?? "");
  for (let round = 0; round < 500; round++) {
    const frames = Array.from({ length: random(9) + 1 }, frame);
    const signed = random(3) === 0 ? kernel.client.frames(frames.map(String)) : frames;
    await kernel.client.sendFrames(signed, (["shell", "control", "stdin"] as const)[random(3)] ?? "shell");
  }
  expect((await kernel.client.execute("lines 3")).reply.content["status"]).toBe("ok");
  expect((await kernel.client.request("kernel_info_request", {}, { channel: "control" })).reply.content["status"]).toBe(
    "ok",
  );
  expect(await kernel.client.heartbeat()).toBe("ping");
  expect(kernel.interpreter.executed.map(({ code }) => code)).toEqual(["lines 3"]);
  expect(kernel.log.length).toBeGreaterThan(300);
  for (const line of kernel.log) expect(line).not.toContain("\n");
});

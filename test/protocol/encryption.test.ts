import { curveKeyPair, Dealer } from "zeromq";
import { parseConnection } from "../../kernel/protocol/connection.js";
import { Client, streamText } from "./client.js";
import { startKernel, startServer } from "./kernel.js";

const { publicKey, secretKey } = curveKeyPair();

test("a connection file's keys encrypt all five channels", async () => {
  const file = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5, ip: "127.0.0.1", key: "k" };
  const text = JSON.stringify({ ...file, curve_publickey: publicKey, curve_secretkey: secretKey });
  const { curve } = parseConnection(text, "k.json");
  const kernel = await startKernel(curve ? { curve } : {});
  const { reply, published } = await kernel.client.execute("lines 1");
  expect(reply.content["status"]).toBe("ok");
  expect(streamText(published)).toBe("line 0\n");
  expect((await kernel.client.request("kernel_info_request", {}, { channel: "control" })).reply.content["status"]).toBe(
    "ok",
  );
  expect(await kernel.client.heartbeat("secret")).toBe("secret");
  const asking = kernel.client.sendExecute("input");
  await kernel.client.until(() => kernel.client.inputRequests.length === 1);
  kernel.server.interrupt();
  await kernel.client.answer(asking);
  await kernel.close();
});

test("a client without keys, or with those of another kernel, gets no answer", async () => {
  const { server, target } = await startServer({ curve: { publicKey, secretKey } });
  const { curveServerKey: _, ...plain } = target;
  for (const stranger of [plain, { ...target, curveServerKey: curveKeyPair().publicKey }]) {
    const client = new Client(stranger);
    client.open();
    client.send("kernel_info_request", {});
    await expect(client.until(() => client.replies.length > 0 || client.published.length > 0, 300)).rejects.toThrow();
    client.close();
  }
  // What is refused says nothing on the wire either.
  const bare = new Dealer({ linger: 0, receiveTimeout: 200 });
  bare.connect(target.endpoint("shell"));
  await expect(bare.receive()).rejects.toThrow();
  bare.close();
  await server.close();
});

/** Cells that wait for what is typed, as a front end sees them. */
import { KernelServer } from "../../kernel/protocol/server.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Notebook } from "../../kernel/session/notebook.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { Client, streamText } from "../protocol/client.js";
import { anyPorts, targetOf } from "../protocol/kernel.js";
import type { Json } from "../protocol/message-schemas.js";

const ECHO = 'probe input.line { printf("[%s]", line); if (line == "stop") exit() }';

const notebook = new Notebook({ native: loadNative(), catalogue });
let server: KernelServer;
let client: Client;

beforeAll(async () => {
  const connection = {
    transport: "tcp",
    ip: "127.0.0.1",
    ports: anyPorts,
    key: "a key of the test",
    signatureScheme: "hmac-sha256",
  } as const;
  server = await KernelServer.start({
    connection,
    description: notebook.description,
    interpreter: async () => notebook,
    log: () => undefined,
  });
  client = await Client.connect(targetOf(connection, server.ports));
});
afterAll(async () => {
  await server.close();
  client.close();
  await notebook.shutdown();
  expect(client.problems).toEqual([]);
});

let replies = 0;

/** `parent`: the header of the question, or nothing, as some clients send it. */
async function type(value: string, parent: Json): Promise<void> {
  const header = {
    msg_id: `reply ${++replies}`,
    msg_type: "input_reply",
    session: client.session,
    username: "",
    date: "",
    version: "5.3",
  };
  const parts = [header, parent, {}, { value, status: "ok" }].map((part) => JSON.stringify(part));
  await client.sendFrames(client.frames(parts), "stdin");
}

async function question(number: number): Promise<Json> {
  const asked = await client.until(() => client.inputRequests[number]);
  return asked.header;
}

test("each line is asked for, in the name of the cell, until the script ends", async () => {
  const id = client.sendExecute(ECHO);
  for (const [index, line] of ["one", "two", "stop"].entries()) await type(line, await question(index));
  const { reply, published } = await client.answer(id);
  expect(reply.content["status"]).toBe("ok");
  expect(streamText(published)).toContain("[one][two][stop]");
  for (const { parent_header, content } of client.inputRequests) {
    expect(parent_header).toMatchObject({ msg_id: id });
    expect(content).toEqual({ prompt: "", password: false });
  }
});

test("an answer that comes when its cell has ended is not taken for another's", async () => {
  const before = client.inputRequests.length;
  const first = client.sendExecute("probe input.line { println(line) } probe timer.ms(300) { exit() }");
  const late = await question(before);
  await client.answer(first);
  const second = client.sendExecute(ECHO);
  const asked = await question(before + 1);
  await type("late", late);
  // Clients that do not say which question they answer mean the last one.
  await type("stop", {});
  expect(asked).not.toEqual(late);
  expect(streamText((await client.answer(second)).published)).toContain("[stop]");
  expect(streamText(client.of(second))).not.toContain("late");
});

test("without allow_stdin nobody is asked, and the cell says why it does not run", async () => {
  const before = client.inputRequests.length;
  const { reply } = await client.execute(ECHO, { allow_stdin: false });
  expect(reply.content).toMatchObject({ status: "error", evalue: expect.stringContaining("allow_stdin is false") });
  expect(client.inputRequests).toHaveLength(before);
});

test("an interrupt ends the question and the cell", async () => {
  const before = client.inputRequests.length;
  const id = client.sendExecute(`${ECHO} probe end { print("end") }`);
  await question(before);
  await client.request("interrupt_request", {}, { channel: "control" });
  const { reply, published } = await client.answer(id);
  expect(reply.content["status"]).toBe("ok");
  expect(streamText(published)).toContain("end");
});

/** Cells that wait for what is typed, as a front end sees them. */
import { streamText, type Client } from "../protocol/client.js";
import type { Json } from "../protocol/message-schemas.js";
import { serveNotebook, type ServedNotebook } from "./served_notebook.js";

const ECHO = 'probe input.line { printf("[%s]", line); if (line == "stop") exit() }';

let served: ServedNotebook;
let client: Client;

beforeAll(async () => {
  served = await serveNotebook();
  ({ client } = served);
});
afterAll(() => served.close());

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

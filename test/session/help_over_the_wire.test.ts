/** Completion and help of a real session, as a front end gets them. At a `|` in the text. */
import type { Client } from "../protocol/client.js";
import type { Json } from "../protocol/message-schemas.js";
import { serveNotebook, type ServedNotebook } from "./served_notebook.js";

let served: ServedNotebook;
let client: Client;

beforeAll(async () => {
  served = await serveNotebook();
  ({ client } = served);
  const cell = { code: 'global lat\nlat["é𝒳"] <<< 5', silent: false, store_history: false, user_expressions: {} };
  await client.request("execute_request", { ...cell, allow_stdin: false, stop_on_error: true });
});
afterAll(() => served.close());

async function ask(type: string, text: string, more: Json = {}): Promise<Json> {
  const [before = "", after = ""] = text.split("|");
  const request = { code: before + after, cursor_pos: Array.from(before).length, ...more };
  return (await client.request(type, request)).reply.content;
}

test("a completion has its kinds and signatures, and its place counts code points", async () => {
  const reply = await ask("complete_request", 's = "𝒳😀"\nprobe syscall.read { println(argst|) }');
  expect(reply).toMatchObject({ status: "ok", matches: ["argstr"], cursor_start: 38, cursor_end: 43 });
  expect(reply["metadata"]).toEqual({
    _jupyter_types_experimental: [{ text: "argstr", type: "variable", signature: "string", start: 38, end: 43 }],
    tapbook: { shown: 1, total: 1 },
  });
});

test.each([
  ['probe kernel.trace("sched_swit|', 'kernel.trace("sched_switch")', "probe"],
  ["println(la|", "lat", "global"],
  ["%%tr|", "%%trace", "magic"],
  ['probe kernel.trace("sched_switch") { $prev->com|', "comm", "field"],
])("%s is completed", async (text, match, type) => {
  const reply = await ask("complete_request", text);
  const { _jupyter_types_experimental: types } = reply["metadata"] as { _jupyter_types_experimental: Json[] };
  expect(types.map((each) => each["text"])).toEqual(reply["matches"]);
  expect(types.find((each) => each["text"] === match)).toMatchObject({ type });
});

test("help is text and Markdown, more of it with detail_level 1, and none for what means nothing", async () => {
  const short = await ask("inspect_request", "print(la|t)", { detail_level: 0 });
  expect(short).toMatchObject({ status: "ok", found: true });
  expect(Object.keys(short["data"] as Json)).toEqual(["text/plain", "text/markdown"]);
  expect((short["data"] as Json)["text/plain"]).toMatch(/^global lat: array of statistic by string\n[^]*é𝒳 +1 +5/);
  const plain = async (detail_level: number): Promise<string> =>
    String(((await ask("inspect_request", "subst|r(", { detail_level }))["data"] as Json)["text/plain"]);
  expect((await plain(1)).length).toBeGreaterThan((await plain(0)).length);
  expect(await ask("inspect_request", "nothing_kno|wn", { detail_level: 0 })).toMatchObject({
    status: "ok",
    found: false,
    data: {},
  });
});

/** The schemas must refuse what the protocol forbids, or the tests that hold messages against them say nothing. */
import { type Channel, type Json, MessageSchemas } from "./message-schemas.js";

const schemas = new MessageSchemas();

const header = {
  msg_id: "1",
  msg_type: "stream",
  session: "s",
  username: "kernel",
  date: "2026-01-02T03:04:05.678Z",
  version: "5.5",
};

function violations(type: string, content: Json, channel: Channel = "iopub", change: Json = {}, parent: Json = {}) {
  const message = { header: { ...header, msg_type: type, ...change }, parent_header: parent, metadata: {}, content };
  return schemas.violations(message, channel);
}

const text = { "text/plain": "1" };
const failed = { status: "error", ename: "E", evalue: "", traceback: [] };

// The examples of the specification, as far as it has one.
test.each<[string, Json, Channel]>([
  ["stream", { name: "stdout", text: "x" }, "iopub"],
  ["display_data", { data: text, metadata: {}, transient: { display_id: "abcd" } }, "iopub"],
  ["display_data", { data: { ...text, "application/json": { a: [1] } }, metadata: {}, transient: {} }, "iopub"],
  ["execute_reply", { status: "ok", execution_count: 1, payload: [], user_expressions: {} }, "shell"],
  ["execute_reply", { ...failed, execution_count: 0 }, "shell"],
  ["inspect_reply", failed, "shell"],
  ["history_reply", { status: "ok", history: [[0, 1, "a"]] }, "shell"],
  ["history_reply", { status: "ok", history: [[0, 1, ["a", null]]] }, "shell"],
  ["is_complete_reply", { status: "incomplete", indent: "  " }, "shell"],
])("%s %j is fine", (type, content, channel) => expect(violations(type, content, channel)).toEqual([]));

test.each<[string, Json, Channel]>([
  ["stream", { name: "stdin", text: "x" }, "iopub"],
  ["stream", { name: "stdout", text: "x" }, "shell"],
  ["status", { execution_state: "dead" }, "iopub"],
  ["display_data", { data: {}, metadata: {}, transient: {} }, "iopub"],
  ["display_data", { data: { ...text, "image/svg+xml": {} }, metadata: {}, transient: {} }, "iopub"],
  ["update_display_data", { data: text, metadata: {}, transient: {} }, "iopub"],
  ["execute_reply", { status: "ok", execution_count: "1", payload: [], user_expressions: {} }, "shell"],
  [
    "execute_reply",
    { status: "ok", execution_count: 1, payload: [{ source: "other" }], user_expressions: {} },
    "shell",
  ],
  ["execute_reply", failed, "shell"],
  ["inspect_reply", { status: "ok", found: false, data: text, metadata: {} }, "shell"],
  [
    "history_reply",
    {
      status: "ok",
      history: [
        [0, 1, "a"],
        [0, 2, ["b", "c"]],
      ],
    },
    "shell",
  ],
  ["is_complete_reply", { status: "incomplete" }, "shell"],
  ["complete_reply", { status: "ok", matches: [], cursor_start: -1, cursor_end: 0, metadata: {} }, "shell"],
  ["interrupt_reply", {}, "control"],
  ["input_request", { prompt: "", pwd: false }, "stdin"],
  ["surprise", {}, "iopub"],
])("%s %j on %s is not", (type, content, channel) => expect(violations(type, content, channel)).toHaveLength(1));

test.each<[string, Json, Json]>([
  ["a date without a time zone", { date: "2026-01-02T03:04:05" }, {}],
  ["a version of long ago", { version: "4.1" }, {}],
  ["no session", { session: "" }, {}],
  ["a parent without its fields", {}, { msg_id: "2" }],
])("%s is refused", (_, change, parent) =>
  expect(violations("stream", { name: "stdout", text: "x" }, "iopub", change, parent)).toHaveLength(1),
);

import { type ContentReader, MalformedRequest } from "../content-reader.js";
import type { HistoryRequest } from "../interpreter.js";
import type { RequestHandler } from "../request.js";

/** Earlier inputs. */
export const history: RequestHandler<"history_request"> = {
  type: "history_request",
  channels: ["shell"],
  async handle(context) {
    const request = readRequest(context.content);
    const entries = (await context.interpreter()).history(request);
    context.reply({
      status: "ok",
      history: entries.map(({ session, line, input, output }) => [
        session,
        line,
        request.output ? [input, output] : input,
      ]),
    });
  },
};

function readRequest(content: ContentReader): HistoryRequest {
  const access = content.text("hist_access_type", "tail");
  if (access !== "range" && access !== "tail" && access !== "search")
    throw new MalformedRequest(
      `"hist_access_type" must be "range", "tail" or "search", not ${JSON.stringify(access)}.`,
    );
  return {
    access,
    output: content.flag("output", false),
    session: content.integer("session") ?? 0,
    start: content.integer("start") ?? 0,
    stop: content.integer("stop"),
    // A client that names no number wants them all.
    count: content.integer("n") ?? Number.MAX_SAFE_INTEGER,
    pattern: content.text("pattern", "*"),
    unique: content.flag("unique", false),
  };
}

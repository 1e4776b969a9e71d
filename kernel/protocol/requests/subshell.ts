import { MalformedRequest } from "../content-reader.js";
import type { RequestHandler } from "../request.js";

/** A further queue for requests, beside the main shell's: what is sent to it runs while a cell runs. */
export const createSubshell: RequestHandler<"create_subshell_request"> = {
  type: "create_subshell_request",
  channels: ["control"],
  handle: (context) => context.reply({ status: "ok", subshell_id: context.subshells.create() }),
};

/** Ends a subshell: its waiting requests are aborted. */
export const deleteSubshell: RequestHandler<"delete_subshell_request"> = {
  type: "delete_subshell_request",
  channels: ["control"],
  handle(context) {
    const id = context.content.text("subshell_id");
    if (!context.subshells.delete(id)) throw new MalformedRequest(`There is no subshell ${JSON.stringify(id)}.`);
    context.reply({ status: "ok" });
  },
};

/** The ids of the subshells there are. */
export const listSubshell: RequestHandler<"list_subshell_request"> = {
  type: "list_subshell_request",
  channels: ["control"],
  handle: (context) => context.reply({ status: "ok", subshell_id: context.subshells.list() }),
};

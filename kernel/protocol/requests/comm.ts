import type { NoticeHandler, RequestHandler } from "../request.js";

/** The open comms, of one target or of all. */
export const commInfo: RequestHandler<"comm_info_request"> = {
  type: "comm_info_request",
  channels: ["shell"],
  handle(context) {
    const target = context.content.text("target_name", "");
    context.reply({ status: "ok", comms: context.comms.list(target === "" ? undefined : target) });
  },
};

/** A client wants a channel to a target of the interpreter's. */
export const commOpen: NoticeHandler = {
  type: "comm_open",
  async handle({ content, comms, interpreter }, { header, buffers }) {
    const id = content.text("comm_id");
    const name = content.text("target_name");
    const opening = { data: content.object("data"), buffers };
    const target = await interpreter().then(
      ({ commTargets }) => commTargets.get(name),
      // Its cells say why; whoever waits at this comm is told that nobody will come.
      () => undefined,
    );
    comms.open(id, name, target, opening, header);
  },
};

/** A client says something on a comm. */
export const commMessage: NoticeHandler = {
  type: "comm_msg",
  handle: ({ content, comms }, { header, buffers }) =>
    comms.message(content.text("comm_id"), { data: content.object("data"), buffers }, header),
};

/** A client closes a comm. */
export const commClose: NoticeHandler = {
  type: "comm_close",
  handle: ({ content, comms }) => comms.close(content.text("comm_id")),
};

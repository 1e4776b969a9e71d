import type { NoticeHandler, RequestHandler } from "../request.js";

/** The open comms: this kernel has none, whatever the target asked for. */
export const commInfo: RequestHandler<"comm_info_request"> = {
  type: "comm_info_request",
  channels: ["shell"],
  handle(context) {
    context.content.text("target_name", "");
    context.reply({ status: "ok", comms: {} });
  },
};

/** A front end that opens a comm is told at once that nobody is there, rather than left waiting. */
export const commOpen: NoticeHandler = {
  type: "comm_open",
  handle: (context) => context.publish("comm_close", { comm_id: context.content.text("comm_id"), data: {} }),
};

/** To a comm that never opened. */
export const commMessage: NoticeHandler = { type: "comm_msg", handle: () => undefined };

/** Of a comm that never opened. */
export const commClose: NoticeHandler = { type: "comm_close", handle: () => undefined };

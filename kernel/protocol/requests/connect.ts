import type { RequestHandler } from "../request.js";

/** The five ports (deprecated in the protocol, still asked for by old clients). */
export const connect: RequestHandler<"connect_request"> = {
  type: "connect_request",
  channels: ["shell", "control"],
  handle(context) {
    const { ports } = context;
    context.reply({
      status: "ok",
      shell_port: ports.shell,
      iopub_port: ports.iopub,
      stdin_port: ports.stdin,
      control_port: ports.control,
      hb_port: ports.hb,
    });
  },
};

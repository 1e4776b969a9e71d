import type { RequestHandler } from "../request.js";

/** Ends the kernel. Clients kill one that takes its time, so that a running cell does not hold it up. */
export const shutdown: RequestHandler<"shutdown_request"> = {
  type: "shutdown_request",
  // On shell it is deprecated since protocol 5.4.
  channels: ["control", "shell"],
  urgent: true,
  handle(context) {
    const content = { status: "ok", restart: context.content.flag("restart", false) } as const;
    context.reply(content);
    // Every other client of this kernel learns of it, too.
    context.publish("shutdown_reply", content);
    context.shutDown();
  },
};

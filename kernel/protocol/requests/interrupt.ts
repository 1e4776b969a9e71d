import type { RequestHandler } from "../request.js";

/** Interrupts the running cells (kernelspec `interrupt_mode: message`). */
export const interrupt: RequestHandler<"interrupt_request"> = {
  type: "interrupt_request",
  channels: ["control"],
  handle(context) {
    context.interrupt();
    context.reply({ status: "ok" });
  },
};

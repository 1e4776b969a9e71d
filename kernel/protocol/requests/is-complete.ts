import type { RequestHandler } from "../request.js";

/** Whether what was typed is a whole script; consoles ask at each Enter. */
export const isComplete: RequestHandler<"is_complete_request"> = {
  type: "is_complete_request",
  channels: ["shell"],
  async handle(context) {
    const code = context.content.text("code");
    context.reply((await context.interpreter()).isComplete(code));
  },
};

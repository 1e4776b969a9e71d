import type { ReplyContents } from "../contents.js";
import type { RequestHandler } from "../request.js";

/** What is known about the name at the cursor. */
export const inspect: RequestHandler<"inspect_request"> = {
  type: "inspect_request",
  channels: ["shell"],
  async handle(context) {
    const code = context.content.text("code");
    const interpreter = await context.interpreter();
    const detail = context.content.integer("detail_level") === 1 ? 1 : 0;
    const bundle = interpreter.inspect(code, context.content.cursor(code), detail);
    const found = bundle !== null;
    type Reply = ReplyContents["inspect_request"];
    context.reply({
      status: "ok",
      found,
      data: { ...bundle?.data } as Reply["data"],
      metadata: { ...bundle?.metadata } as Reply["metadata"],
    });
  },
};

import type { RequestHandler } from "../request.js";

/** What could stand at the cursor. */
export const complete: RequestHandler<"complete_request"> = {
  type: "complete_request",
  channels: ["shell"],
  async handle(context) {
    const code = context.content.text("code");
    const interpreter = await context.interpreter();
    const { matches, total, start, end } = interpreter.complete(code, context.content.cursor(code));
    context.reply({
      status: "ok",
      matches: matches.map(({ text }) => text),
      cursor_start: start,
      cursor_end: end,
      // What JupyterLab shows beside a completion: its kind and signature.
      metadata: {
        _jupyter_types_experimental: matches.map(({ text, type, signature }) => ({
          text,
          type,
          ...(signature === undefined ? {} : { signature }),
          start,
          end,
        })),
        tapbook: { shown: matches.length, total },
      },
    });
  },
};

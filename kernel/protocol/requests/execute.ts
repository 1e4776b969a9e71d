import type { CellError, ExecuteOutcome, UserExpressionResult } from "../interpreter.js";
import type { ReplyContents } from "../contents.js";
import type { ContentReader } from "../content-reader.js";
import { errorContent, internalError } from "../errors.js";
import type { DrainedOutput, RequestContext, RequestHandler } from "../request.js";

/** Runs a cell. */
export const execute: RequestHandler<"execute_request"> = {
  type: "execute_request",
  channels: ["shell"],
  async handle(context) {
    const started = new Date().toISOString();
    const request = readRequest(context.content);
    const executionCount = context.executions.next(request.storeHistory);
    if (!request.silent) context.publish("execute_input", { code: request.code, execution_count: executionCount });
    const output = context.openOutput(request.silent, executionCount);
    const outcome = await run(context, request, executionCount, output);
    await output.drain();
    if (outcome.status === "error" && !request.silent) context.publish("error", errorContent(outcome.error));
    // Before the reply: what comes after it was sent by someone who may know of the failure.
    if (outcome.status === "error" && request.stopOnError && !request.silent) await context.abortQueued();
    context.reply(replyContent(outcome, executionCount), { started, status: outcome.status });
  },
};

interface Execution {
  readonly code: string;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  readonly allowStdin: boolean;
  readonly stopOnError: boolean;
}

function readRequest(content: ContentReader): Execution {
  const silent = content.flag("silent", false);
  return {
    code: content.text("code"),
    silent,
    storeHistory: !silent && content.flag("store_history", true),
    userExpressions: content.texts("user_expressions"),
    allowStdin: content.flag("allow_stdin", false),
    stopOnError: content.flag("stop_on_error", true),
  };
}

async function run(
  context: RequestContext<"execute_request">,
  request: Execution,
  executionCount: number,
  output: DrainedOutput,
): Promise<ExecuteOutcome> {
  const { cellId } = context.metadata;
  const input = async (prompt: string, password: boolean, signal?: AbortSignal): Promise<string> => {
    await output.drain();
    return context.askInput(prompt, password, signal);
  };
  try {
    const interpreter = await context.interpreter();
    return await interpreter.execute(
      {
        code: request.code,
        executionCount,
        silent: request.silent,
        storeHistory: request.storeHistory,
        userExpressions: request.userExpressions,
        cellId: typeof cellId === "string" ? cellId : undefined,
        ...(request.allowStdin ? { input } : {}),
      },
      output,
    );
  } catch (error) {
    return { status: "error", error: internalError(error) };
  }
}

function replyContent(outcome: ExecuteOutcome, executionCount: number): ReplyContents["execute_request"] {
  const base = { execution_count: executionCount, payload: [] };
  if (outcome.status === "error")
    return { ...base, status: "error", ...errorContent(outcome.error), user_expressions: {} };
  const results = Object.entries(outcome.userExpressions).map(([name, result]) => [name, expressionContent(result)]);
  const payload = (outcome.payload ?? []).map((entry) => ({ ...entry }) as never);
  return { ...base, payload, status: "ok", user_expressions: Object.fromEntries(results) };
}

function expressionContent(result: UserExpressionResult): object {
  if (result.status === "ok") return { status: "ok", data: result.bundle.data, metadata: result.bundle.metadata };
  return { status: "error", ...errorContent(result.error satisfies CellError) };
}

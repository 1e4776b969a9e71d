/**
 * The contents of what this kernel sends, by message type. The types are those of JupyterLab's own client; they are only
 * types, nothing of it is loaded.
 */
import type * as KernelMessage from "@jupyterlab/services/lib/kernel/messages.js";
import type { ChannelName } from "./connection.js";

/** What goes to everybody, on iopub. */
export interface PublishedContents {
  readonly status: Pick<KernelMessage.IStatusMsg["content"], "execution_state">;
  readonly stream: KernelMessage.IStreamMsg["content"];
  readonly display_data: KernelMessage.IDisplayDataMsg["content"];
  readonly update_display_data: KernelMessage.IUpdateDisplayDataMsg["content"];
  readonly execute_input: KernelMessage.IExecuteInputMsg["content"];
  readonly execute_result: KernelMessage.IExecuteResultMsg["content"];
  readonly error: KernelMessage.IErrorMsg["content"];
  readonly clear_output: KernelMessage.IClearOutputMsg["content"];
  readonly comm_msg: KernelMessage.ICommMsgMsg["content"];
  readonly comm_close: KernelMessage.ICommCloseMsg["content"];
  readonly shutdown_reply: ShutdownReply;
  readonly iopub_welcome: { readonly subscription: string };
}

interface Ok {
  readonly status: "ok";
}

interface ShutdownReply extends Ok {
  readonly restart: boolean;
}

/** The error fields, as `error` messages and failed replies have them. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** What goes to who asked, by the type of the request. */
export interface ReplyContents {
  readonly kernel_info_request: KernelMessage.IInfoReply;
  readonly execute_request:
    | KernelMessage.IExecuteReply
    | (ErrorContent &
        Pick<KernelMessage.IExecuteReply, "payload" | "user_expressions"> & {
          readonly status: "error";
          readonly execution_count: number;
        })
    | { readonly status: "aborted"; readonly execution_count: number };
  readonly complete_request: Extract<KernelMessage.ICompleteReplyMsg["content"], { status: "ok" }>;
  readonly inspect_request: KernelMessage.IInspectReply;
  readonly is_complete_request: KernelMessage.IIsCompleteReplyIncomplete | KernelMessage.IIsCompleteReplyOther;
  readonly history_request: {
    readonly status: "ok";
    readonly history: [number, number, string | [string, string | null]][];
  };
  readonly comm_info_request: KernelMessage.ICommInfoReply;
  readonly connect_request: { readonly status: "ok" } & Readonly<Record<`${ChannelName}_port`, number>>;
  readonly interrupt_request: KernelMessage.IInterruptReply;
  readonly shutdown_request: ShutdownReply;
  readonly create_subshell_request: Ok & KernelMessage.ICreateSubshellReplyMsg["content"];
  readonly delete_subshell_request: Ok;
  readonly list_subshell_request: Ok & KernelMessage.IListSubshellReplyMsg["content"];
  readonly usage_request: UsageReply;
}

/** What ipykernel answers to `usage_request`, which JupyterLab's resource display sends. */
interface UsageReply {
  readonly hostname: string;
  readonly pid: number;
  readonly kernel_cpu: number;
  readonly kernel_memory: number;
  readonly cpu_count: number;
  readonly host_cpu_percent: number;
  readonly host_virtual_memory: Readonly<Record<"total" | "available" | "percent" | "used" | "free", number>>;
}

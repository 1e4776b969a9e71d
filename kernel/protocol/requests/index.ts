import type { NoticeHandler, RequestHandler, RequestType } from "../request.js";
import { commClose, commInfo, commMessage, commOpen } from "./comm.js";
import { complete } from "./complete.js";
import { connect } from "./connect.js";
import { execute } from "./execute.js";
import { history } from "./history.js";
import { inspect } from "./inspect.js";
import { interrupt } from "./interrupt.js";
import { isComplete } from "./is-complete.js";
import { kernelInfo } from "./kernel-info.js";
import { shutdown } from "./shutdown.js";
import { createSubshell, deleteSubshell, listSubshell } from "./subshell.js";
import { usage } from "./usage.js";

/** Every request that this kernel answers. */
export const requestHandlers: { readonly [T in RequestType]: RequestHandler<T> } = {
  kernel_info_request: kernelInfo,
  execute_request: execute,
  complete_request: complete,
  inspect_request: inspect,
  is_complete_request: isComplete,
  history_request: history,
  comm_info_request: commInfo,
  connect_request: connect,
  interrupt_request: interrupt,
  shutdown_request: shutdown,
  create_subshell_request: createSubshell,
  delete_subshell_request: deleteSubshell,
  list_subshell_request: listSubshell,
  usage_request: usage,
};

/** Every message that it takes without a reply. */
export const noticeHandlers: readonly NoticeHandler[] = [commOpen, commMessage, commClose];

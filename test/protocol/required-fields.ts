/**
 * What the messaging protocol requires of each message a kernel sends, written down from
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html and not from the kernel's own types.
 */

export type Json = Record<string, unknown>;

export interface Message {
  readonly header: Json;
  readonly parent_header: Json;
  readonly metadata: Json;
  readonly content: Json;
}

type Kind = "string" | "number" | "boolean" | "object" | "array" | "mime" | "any";
type Fields = Readonly<Record<string, Kind>>;

const header: Fields = {
  msg_id: "string",
  msg_type: "string",
  session: "string",
  username: "string",
  date: "string",
  version: "string",
};

const errorFields: Fields = { ename: "string", evalue: "string", traceback: "array" };

/** What the content of a message, and of a reply whose status is "ok", must hold. */
const contents: Readonly<Record<string, Fields>> = {
  // iopub
  status: { execution_state: "string" },
  iopub_welcome: { subscription: "string" },
  stream: { name: "string", text: "string" },
  display_data: { data: "mime", metadata: "object", transient: "object" },
  update_display_data: { data: "mime", metadata: "object", transient: "object" },
  execute_input: { code: "string", execution_count: "number" },
  execute_result: { execution_count: "number", data: "mime", metadata: "object" },
  error: errorFields,
  clear_output: { wait: "boolean" },
  comm_close: { comm_id: "string", data: "object" },
  // shell and control
  kernel_info_reply: {
    status: "string",
    protocol_version: "string",
    implementation: "string",
    implementation_version: "string",
    language_info: "object",
    banner: "string",
    help_links: "array",
    supported_features: "array",
  },
  execute_reply: { status: "string", execution_count: "number", payload: "array", user_expressions: "object" },
  inspect_reply: { status: "string", found: "boolean", data: "object", metadata: "object" },
  complete_reply: {
    status: "string",
    matches: "array",
    cursor_start: "number",
    cursor_end: "number",
    metadata: "object",
  },
  history_reply: { status: "string", history: "array" },
  is_complete_reply: { status: "string" },
  connect_reply: {
    shell_port: "number",
    iopub_port: "number",
    stdin_port: "number",
    hb_port: "number",
    control_port: "number",
  },
  comm_info_reply: { status: "string", comms: "object" },
  shutdown_reply: { status: "string", restart: "boolean" },
  interrupt_reply: { status: "string" },
  create_subshell_reply: { status: "string", subshell_id: "string" },
  delete_subshell_reply: { status: "string" },
  list_subshell_reply: { status: "string", subshell_id: "array" },
  // ipykernel's own
  usage_reply: { hostname: "string", pid: "number", kernel_cpu: "number", kernel_memory: "number" },
  // stdin
  input_request: { prompt: "string", password: "boolean" },
};

const languageInfo: Fields = {
  name: "string",
  version: "string",
  mimetype: "string",
  file_extension: "string",
  pygments_lexer: "string",
  codemirror_mode: "any",
  nbconvert_exporter: "string",
};

/** Everything about a message that the protocol forbids; empty for a good one. */
export function violations(message: Message): string[] {
  const type = String(message.header["msg_type"]);
  const found = missing(message.header, header, `${type} header`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(String(message.header["date"])))
    found.push(`${type}: the date ${String(message.header["date"])} is not ISO 8601`);
  if (!/^5\.\d+$/.test(String(message.header["version"]))) found.push(`${type}: version`);
  const fields = contents[type];
  if (!fields) return [...found, `${type}: not a type the protocol knows`];
  const { content } = message;
  const status = content["status"];
  if (type.endsWith("_reply") && status === "error") found.push(...missing(content, errorFields, type));
  else if (status !== "aborted") found.push(...missing(content, fields, type));
  if (type === "execute_reply") found.push(...missing(content, { execution_count: "number" }, type));
  if (type === "kernel_info_reply") found.push(...missing(content["language_info"] as Json, languageInfo, type));
  if (type === "status" && !["busy", "idle", "starting"].includes(String(content["execution_state"])))
    found.push(`status: ${String(content["execution_state"])}`);
  if (type === "stream" && !["stdout", "stderr"].includes(String(content["name"]))) found.push("stream: name");
  if (type === "update_display_data")
    found.push(...missing(content["transient"] as Json, { display_id: "string" }, type));
  return found;
}

function missing(object: Json, fields: Fields, where: string): string[] {
  return Object.entries(fields)
    .filter(([name, kind]) => !isKind(object[name], kind))
    .map(([name, kind]) => `${where}: ${name} must be ${kind}, not ${JSON.stringify(object[name])}`);
}

function isKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "any":
      return value !== undefined;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "mime":
      return isKind(value, "object") && "text/plain" in (value as Json);
    default:
      return typeof value === kind;
  }
}

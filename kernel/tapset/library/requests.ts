/** Requests to the kernel's servers, such as nfsd; their types are told by the module sunrpc while it is loaded. */
import { EVENT_ONLY, type WrittenFunction } from "./written.js";

const ADDRESS = '@cast(request, "svc_rqst", "sunrpc")->rq_addr';

function ofRequest(name: string, summary: string, returns: "long" | "string", body: string): WrittenFunction {
  return {
    name,
    topic: "network",
    summary: `${summary} Fails where the module sunrpc is not loaded.`,
    parameters: [{ name: "request", type: "long", meaning: "address of a struct svc_rqst" }],
    returns,
    example: `probe module("nfsd").function("nfsd_dispatch") ? { println(${name}($rqstp)) }\nprobe timer.s(1) { exit() }`,
    userRefusal: EVENT_ONLY,
    body: `if (@defined(${ADDRESS})) {
    __place = &${ADDRESS}
    __family = kernel_uint16(__place)
    ${body}
  }
  error("the module sunrpc, which tells what a request is, is not loaded")`,
  };
}

export const requestFunctions: readonly WrittenFunction[] = [
  ofRequest(
    "addr_from_rqst",
    "The IPv4 address that a request comes from, which ip_ntop() writes; 0 for one of IPv6.",
    "long",
    "return __family == 2 ? kernel_uint32(__place + 4) : 0",
  ),
  ofRequest(
    "addr_from_rqst_str",
    'The address that a request comes from, as text; "" for what is neither IPv4 nor IPv6.',
    "string",
    'return __family == 2 ? ip_ntop(kernel_uint32(__place + 4)) : __family == 10 ? format_ipaddr(__place + 8, 10) : ""',
  ),
];

/** Addresses of the network as text. */
import { EVENT_ONLY, type WrittenFunction } from "./written.js";

export const addressFunctions: readonly WrittenFunction[] = [
  {
    name: "ip_ntop",
    topic: "network",
    summary: "An IPv4 address as four numbers with dots.",
    parameters: [
      { name: "address", type: "long", meaning: "32 bits in the network's byte order, as in a struct sockaddr_in" },
    ],
    returns: "string",
    example: "println(ip_ntop(0x0100007f))",
    body: 'return sprintf("%d.%d.%d.%d", address & 255, (address >> 8) & 255, (address >> 16) & 255, (address >> 24) & 255)',
  },
  {
    name: "format_ipaddr",
    topic: "network",
    summary: 'An address of either family as text; "" for any other family.',
    parameters: [
      {
        name: "address",
        type: "long",
        meaning:
          "of IPv4 the 32 bits in the network's byte order, of IPv6 where its 16 bytes lie in the kernel's memory",
      },
      { name: "family", type: "long", meaning: "2 for IPv4, 10 for IPv6, as __ip_sock_family() tells" },
    ],
    returns: "string",
    example:
      'probe kernel.trace("tcp_destroy_sock") { println(format_ipaddr(__ip_sock_daddr($arg1), __ip_sock_family($arg1))) }\nprobe timer.s(1) { exit() }',
    userRefusal: EVENT_ONLY,
    body: `if (family == 2) return ip_ntop(address)
  if (family != 10) return ""
  __high = ntohll(kernel_long(address))
  __low = ntohll(kernel_long(address + 8))
  return sprintf("%04x:%04x:%04x:%04x:%04x:%04x:%04x:%04x", (__high >> 48) & 65535, (__high >> 32) & 65535, (__high >> 16) & 65535, __high & 65535,
    (__low >> 48) & 65535, (__low >> 32) & 65535, (__low >> 16) & 65535, __low & 65535)`,
  },
];

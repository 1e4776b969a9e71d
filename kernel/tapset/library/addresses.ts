/** Addresses of the network as text. */
import type { WrittenFunction } from "./written.js";

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
];

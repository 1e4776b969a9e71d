/** What a packet of IPv4 says of itself, as the kernel holds it. */
import { EVENT_ONLY, type WrittenFunction } from "./written.js";

const HEADER = '@cast(@cast(skb, "sk_buff")->head + @cast(skb, "sk_buff")->network_header, "iphdr")';
const SEGMENT = `@cast(${HEADER} + 4 * ${HEADER}->ihl, "tcphdr")`;

interface Side {
  readonly name: string;
  readonly summary: string;
  /** Where the packet comes from this machine. */
  readonly ofSource: string;
  readonly ofDestination: string;
}

const SIDES: readonly Side[] = [
  {
    name: "ipmib_local_addr",
    summary: "This machine's IPv4 address, in the machine's byte order.",
    ofSource: `ntohl(${HEADER}->saddr)`,
    ofDestination: `ntohl(${HEADER}->daddr)`,
  },
  {
    name: "ipmib_remote_addr",
    summary: "The other end's IPv4 address, in the machine's byte order.",
    ofSource: `ntohl(${HEADER}->daddr)`,
    ofDestination: `ntohl(${HEADER}->saddr)`,
  },
  {
    name: "ipmib_tcp_local_port",
    summary: "This machine's port of TCP.",
    ofSource: `ntohs(${SEGMENT}->source)`,
    ofDestination: `ntohs(${SEGMENT}->dest)`,
  },
  {
    name: "ipmib_tcp_remote_port",
    summary: "The other end's port of TCP.",
    ofSource: `ntohs(${SEGMENT}->dest)`,
    ofDestination: `ntohs(${SEGMENT}->source)`,
  },
];

const packet = { name: "skb", type: "long", meaning: "address of a struct sk_buff that holds IPv4" } as const;

function example(call: string): string {
  return `probe kernel.trace("netif_receive_skb") { println(${call}) }\nprobe timer.s(1) { exit() }`;
}

export const packetFunctions: readonly WrittenFunction[] = [
  {
    name: "ipmib_get_proto",
    topic: "network",
    summary: "The number of what a packet carries: 6 for TCP, 17 for UDP, 1 for ICMP.",
    parameters: [packet],
    returns: "long",
    example: example("ipmib_get_proto($skb)"),
    userRefusal: EVENT_ONLY,
    body: `return ${HEADER}->protocol`,
  },
  ...SIDES.map(({ name, summary, ofSource, ofDestination }) => ({
    name,
    topic: "network",
    summary,
    parameters: [
      packet,
      { name: "is_source_local", type: "long", meaning: "1 where the packet is sent, 0 where it is received" } as const,
    ],
    returns: "long" as const,
    example: example(`${name}($skb, 0)`),
    userRefusal: EVENT_ONLY,
    body: `return is_source_local ? ${ofSource} : ${ofDestination}`,
  })),
];

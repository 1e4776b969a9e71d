/** Numbers of the network's interfaces and what they are called. */
import { flagNames } from "./flags.js";
import type { WrittenFunction } from "./written.js";

interface Numbering {
  readonly noun: string;
  readonly of: string;
  readonly names: readonly (readonly [number, string])[];
  readonly shown: string;
}

/** linux/socket.h, from 0. */
const FAMILIES =
  `UNSPEC LOCAL INET AX25 IPX APPLETALK NETROM BRIDGE ATMPVC X25 INET6 ROSE DECnet NETBEUI SECURITY KEY NETLINK PACKET
ASH ECONET ATMSVC RDS SNA IRDA PPPOX WANPIPE LLC IB MPLS CAN TIPC BLUETOOTH IUCV RXRPC ISDN PHONET IEEE802154 CAIF ALG NFC VSOCK KCM
QIPCRTR SMC XDP MCTP`.split(/\s+/);

/** linux/net.h, from 0. */
const STATES = ["FREE", "UNCONNECTED", "CONNECTING", "CONNECTED", "DISCONNECTING"];

const NUMBERINGS: readonly Numbering[] = [
  { noun: "fam", of: "a family of addresses", names: [...FAMILIES.entries()], shown: "INET6" },
  {
    noun: "prot",
    of: "a protocol of IP",
    // linux/in.h
    names: [
      [0, "IP"],
      [1, "ICMP"],
      [2, "IGMP"],
      [4, "IPIP"],
      [6, "TCP"],
      [8, "EGP"],
      [12, "PUP"],
      [17, "UDP"],
      [22, "IDP"],
      [29, "TP"],
      [33, "DCCP"],
      [41, "IPV6"],
      [46, "RSVP"],
      [47, "GRE"],
      [50, "ESP"],
      [51, "AH"],
      [92, "MTP"],
      [94, "BEETPH"],
      [98, "ENCAP"],
      [103, "PIM"],
      [108, "COMP"],
      [115, "L2TP"],
      [132, "SCTP"],
      [136, "UDPLITE"],
      [137, "MPLS"],
      [143, "ETHERNET"],
      [255, "RAW"],
      [262, "MPTCP"],
    ],
    shown: "TCP",
  },
  { noun: "state", of: "a socket's state", names: [...STATES.entries()], shown: "CONNECTED" },
  {
    noun: "type",
    of: "a type of socket",
    // linux/net.h
    names: [
      [1, "STREAM"],
      [2, "DGRAM"],
      [3, "RAW"],
      [4, "RDM"],
      [5, "SEQPACKET"],
      [6, "DCCP"],
      [10, "PACKET"],
    ],
    shown: "STREAM",
  },
];

/** linux/socket.h */
const MESSAGE_FLAGS = [
  ["0x1", "MSG_OOB"],
  ["0x2", "MSG_PEEK"],
  ["0x4", "MSG_DONTROUTE"],
  ["0x8", "MSG_CTRUNC"],
  ["0x10", "MSG_PROBE"],
  ["0x20", "MSG_TRUNC"],
  ["0x40", "MSG_DONTWAIT"],
  ["0x80", "MSG_EOR"],
  ["0x100", "MSG_WAITALL"],
  ["0x200", "MSG_FIN"],
  ["0x400", "MSG_SYN"],
  ["0x800", "MSG_CONFIRM"],
  ["0x1000", "MSG_RST"],
  ["0x2000", "MSG_ERRQUEUE"],
  ["0x4000", "MSG_NOSIGNAL"],
  ["0x8000", "MSG_MORE"],
  ["0x10000", "MSG_WAITFORONE"],
  ["0x40000", "MSG_BATCH"],
  ["0x4000000", "MSG_ZEROCOPY"],
  ["0x20000000", "MSG_FASTOPEN"],
  ["0x40000000", "MSG_CMSG_CLOEXEC"],
] as const;

function bothWays({ noun, of, names, shown }: Numbering): WrittenFunction[] {
  const [number] = names.find(([, name]) => name === shown) ?? [0];
  return [
    {
      name: `sock_${noun}_num2str`,
      topic: "network",
      summary: `The name of ${of}, such as \`${shown}\`; UNDEF where the number is none.`,
      parameters: [{ name: "number", type: "long", meaning: "the number" }],
      returns: "string",
      example: `println(sock_${noun}_num2str(${number}))`,
      body: [...names.map(([value, name]) => `if (number == ${value}) return "${name}"`), 'return "UNDEF"'].join(
        "\n  ",
      ),
    },
    {
      name: `sock_${noun}_str2num`,
      topic: "network",
      summary: `The number of ${of} by its name; -1 where there is none.`,
      parameters: [{ name: "name", type: "string", meaning: `such as \`${shown}\`` }],
      returns: "long",
      example: `println(sock_${noun}_str2num("${shown}"))`,
      body: [...names.map(([value, name]) => `if (name == "${name}") return ${value}`), "return -1"].join("\n  "),
    },
  ];
}

export const socketNameFunctions: readonly WrittenFunction[] = [
  ...NUMBERINGS.flatMap(bothWays),
  {
    name: "msg_flags_num2str",
    topic: "network",
    summary: "The names of the flags that a message is sent or received with, such as `MSG_DONTWAIT|MSG_NOSIGNAL`.",
    parameters: [{ name: "flags", type: "long", meaning: "as sendmsg() and recvmsg() take them" }],
    returns: "string",
    example: "println(msg_flags_num2str(0x4040))",
    body: `__text = ""\n  ${flagNames(MESSAGE_FLAGS)}`,
  },
];

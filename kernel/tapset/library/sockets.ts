/** The two ends of a socket. */
import { EVENT_ONLY, type WrittenFunction } from "./written.js";

const COMMON = '@cast(sock, "sock")->__sk_common';

interface Member {
  readonly name: string;
  readonly summary: string;
  readonly value: string;
  readonly returns?: "string";
}

/** Kernels can be built without IPv6. */
function ofEitherFamily(short: string, long: string): string {
  return `@defined(COMMON->${long}) && COMMON->skc_family == 10 ? &COMMON->${long} : COMMON->${short}`;
}

const MEMBERS: readonly Member[] = [
  {
    name: "__ip_sock_family",
    summary: "The family of its addresses: 2 for IPv4, 10 for IPv6.",
    value: "COMMON->skc_family",
  },
  {
    name: "__ip_sock_saddr",
    summary:
      "The local address as format_ipaddr() wants it: of IPv4 in the network's byte order, of IPv6 where it lies.",
    value: ofEitherFamily("skc_rcv_saddr", "skc_v6_rcv_saddr"),
  },
  {
    name: "__ip_sock_daddr",
    summary:
      "The other end's address as format_ipaddr() wants it: of IPv4 in the network's byte order, of IPv6 where it lies.",
    value: ofEitherFamily("skc_daddr", "skc_v6_daddr"),
  },
  { name: "__tcp_sock_sport", summary: "The local port.", value: "COMMON->skc_num" },
  { name: "__tcp_sock_dport", summary: "The other end's port.", value: "ntohs(COMMON->skc_dport)" },
  { name: "inet_get_local_port", summary: "The local port.", value: "COMMON->skc_num" },
  {
    name: "inet_get_ip_source",
    summary: "The address that a connection comes from, as four numbers with dots.",
    value: "ip_ntop(COMMON->skc_daddr)",
    returns: "string",
  },
  {
    name: "tcpmib_local_addr",
    summary: "The local IPv4 address, in the machine's byte order.",
    value: "ntohl(COMMON->skc_rcv_saddr)",
  },
  {
    name: "tcpmib_remote_addr",
    summary: "The other end's IPv4 address, in the machine's byte order.",
    value: "ntohl(COMMON->skc_daddr)",
  },
  { name: "tcpmib_local_port", summary: "The local port.", value: "COMMON->skc_num" },
  {
    name: "tcpmib_get_state",
    summary: "The state that the socket is in, which tcp_sockstate_str() names.",
    value: "COMMON->skc_state",
  },
  {
    name: "tcp_ts_get_info_state",
    summary: "The state that the socket is in, which tcp_sockstate_str() names.",
    value: "COMMON->skc_state",
  },
  {
    name: "tcp_get_info_rto",
    summary: "After how many microseconds TCP sends again what was not acknowledged.",
    value: '@cast(sock, "inet_connection_sock")->icsk_rto * 1000000 / HZ()',
  },
  {
    name: "tcp_get_info_snd_cwnd",
    summary: "How many packets TCP sends before one is acknowledged: its congestion window.",
    value: '@cast(sock, "tcp_sock")->snd_cwnd',
  },
  { name: "tcpmib_remote_port", summary: "The other end's port.", value: "ntohs(COMMON->skc_dport)" },
];

export const socketFunctions: readonly WrittenFunction[] = MEMBERS.map(({ name, summary, value, returns }) => ({
  name,
  topic: "network",
  summary,
  parameters: [{ name: "sock", type: "long", meaning: "address of a struct sock" }],
  returns: returns ?? "long",
  example: `probe kernel.trace("tcp_destroy_sock") { println(${name}($arg1)) }\nprobe timer.s(1) { exit() }`,
  userRefusal: EVENT_ONLY,
  body: `return ${value.replaceAll("COMMON", COMMON)}`,
}));

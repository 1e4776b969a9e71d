/** `netfilter.hook("…").pf("…")`: packets at the places where the kernel filters them, observed only. */
import type { ContextVariable, PointPattern, ProbeFamily, Resolution, Target } from "../compiler/catalogue.js";
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { long, type Register } from "../compiler/ir/values.js";
import type { TypeReference } from "../compiler/types/data_type.js";
import { componentsText, refused } from "./points.js";

/** Numbers of linux/netfilter.h, for the families that take programs. */
const FAMILIES: Readonly<Record<string, number>> = { NFPROTO_IPV4: 2, PF_INET: 2, NFPROTO_IPV6: 10, PF_INET6: 10 };
const OTHER_FAMILIES = ["NFPROTO_ARP", "NFPROTO_BRIDGE", "NFPROTO_INET", "NFPROTO_NETDEV", "PF_BRIDGE"];
const PLACES = ["PRE_ROUTING", "LOCAL_IN", "FORWARD", "LOCAL_OUT", "POST_ROUTING"];
const PREFIXES = ["NF_INET_", "NF_IP_", "NF_IP6_"];

/** Families as the short forms call them. */
const SHORT: Readonly<Record<string, string>> = { ip: "NFPROTO_IPV4", ipv4: "NFPROTO_IPV4", ipv6: "NFPROTO_IPV6" };

/** The kernel keeps the extremes for itself. */
const [LOWEST, HIGHEST] = [-(1n << 31n) + 1n, (1n << 31n) - 2n];

/** Behind connection tracking and before filters. */
const USUAL_PRIORITY = -1;

interface Hook {
  readonly protocolFamily: number;
  readonly hook: number;
  readonly priority: number;
}

export const netfilter: ProbeFamily = {
  name: "netfilter",
  summary:
    "A packet of IPv4 or IPv6 at one of the five places where the kernel filters them: `$skb` is the packet, `$in` and `$out` its devices, `$state` the rest. Packets pass unchanged. " +
    "`.priority(N)` places the handler among the filters, lower numbers first. Hooks see their own network namespace, and belong to no process: pid() and execname() are not known in them.",
  forms: [
    'netfilter.hook("NF_INET_PRE_ROUTING").pf("NFPROTO_IPV4")',
    'netfilter.hook("NAME").pf("NAME").priority(N)',
    "netfilter.ipv4.PLACE",
    "netfilter.ipv6.PLACE",
  ],
  example: "global packets\nprobe netfilter.ipv4.local_in ? { packets[$in]++ }\nprobe timer.s(1) { exit() }",

  resolve(pattern, target): Resolution | null {
    if (pattern.components[0]?.name !== "netfilter") return null;
    const read = readHook(pattern);
    if ("kind" in read) return read;
    const point = componentsText(pattern);
    const refusal = target.refusal({ kind: "netfilter" });
    if (refusal !== null) {
      return refused(
        `${point}: this kernel takes no programs on its packet filters: ${refusal}`,
        'packets pass kernel.trace("netif_receive_skb") and kernel.trace("net_dev_queue")',
      );
    }
    const { protocolFamily, hook } = read;
    return {
      kind: "resolved",
      probes: [
        {
          point,
          probe: {
            kind: "kernel",
            attach: { kind: "netfilter", ...read },
            mechanism: `netfilter hook ${PLACES[hook]} of family ${protocolFamily}`,
            guard: null,
            variables: variablesOf(target),
            isReturn: false,
          },
        },
      ],
    };
  },

  complete: (prefix) =>
    ["ipv4", "ipv6"]
      .flatMap((family) => PLACES.map((place) => `netfilter.${family}.${place.toLowerCase()}`))
      .filter((point) => point.startsWith(prefix)),
};

function readHook({ components }: PointPattern): Hook | Resolution {
  const [, second, third, ...rest] = components;
  const short = SHORT[second?.name ?? ""];
  let names: { readonly family: string; readonly place: string };
  if (short !== undefined) names = { family: short, place: (third?.name ?? "").toUpperCase() };
  else {
    const [hook, family] = second?.name === "pf" ? [third, second] : [second, third];
    if (
      hook?.name !== "hook" ||
      family?.name !== "pf" ||
      typeof hook.argument !== "string" ||
      typeof family.argument !== "string"
    )
      return refused(
        "netfilter needs a hook and a family",
        'write netfilter.hook("NF_INET_LOCAL_IN").pf("NFPROTO_IPV4")',
      );
    const prefix = PREFIXES.find((known) => hook.argument?.toString().startsWith(known)) ?? "";
    names = { family: family.argument, place: hook.argument.slice(prefix.length) };
  }
  const protocolFamily = FAMILIES[names.family];
  if (protocolFamily === undefined) {
    return OTHER_FAMILIES.includes(names.family)
      ? refused(`${names.family}: the kernel takes programs on packet filters of NFPROTO_IPV4 and NFPROTO_IPV6 only`)
      : refused(`${names.family} is no family of protocols`, "NFPROTO_IPV4 and NFPROTO_IPV6 are");
  }
  const hook = PLACES.indexOf(names.place);
  if (hook < 0)
    return refused(
      `${names.place || "this"} is no hook of netfilter`,
      `hooks are ${PLACES.map((place) => `NF_INET_${place}`).join(", ")}`,
    );
  let priority = USUAL_PRIORITY;
  for (const { name, argument } of rest) {
    if (name !== "priority") return refused(`netfilter has no part called .${name}`, "only .priority(N) may follow");
    const number = typeof argument === "string" && /^-?\d+$/.test(argument) ? BigInt(argument) : argument;
    if (typeof number !== "bigint" || number < LOWEST || number > HIGHEST)
      return refused(`.priority takes a number from ${LOWEST} to ${HIGHEST}`);
    priority = Number(number);
  }
  return { protocolFamily, hook, priority };
}

/** `struct bpf_nf_ctx`: a pointer to the state of the hook, and one to the packet. */
const CONTEXT = { state: 0, skb: 8 } as const;

function variablesOf(target: Target): ReadonlyMap<string, ContextVariable> {
  const pointer = (name: "state" | "skb", summary: string): ContextVariable => {
    const data = memberType(target, "bpf_nf_ctx", name);
    return {
      name: `$${name}`,
      type: "long",
      summary,
      ...(data ? { data } : {}),
      kernel: (emit) => long(readContext(emit, CONTEXT[name])),
    };
  };
  const ofState = (name: "in" | "out", summary: string): ContextVariable | null => {
    const member = target.member("nf_hook_state", [name]);
    const data = memberType(target, "nf_hook_state", name);
    if (!member) return null;
    return {
      name: `$${name}`,
      type: "long",
      summary,
      ...(data ? { data } : {}),
      kernel: (emit) => long(readPointer(emit, readContext(emit, CONTEXT.state), member.offset)),
    };
  };
  const all = [
    pointer("skb", "The packet (struct sk_buff *)."),
    pointer("state", "The hook's state (struct nf_hook_state *)."),
    ofState("in", "The device that the packet came by, 0 for none."),
    ofState("out", "The device that the packet leaves by, 0 for none."),
  ];
  return new Map(all.flatMap((variable) => (variable ? [[variable.name, variable] as const] : [])));
}

function memberType(target: Target, structure: string, name: string): TypeReference | null {
  const types = target.dataTypes();
  const id = types?.find(structure, "struct");
  if (!types || id == null) return null;
  const member = types.type(id).members.find((each) => each.name === name);
  return member ? { types, id: member.type } : null;
}

/** Through memory once: the verifier then takes a typed pointer for a plain number. */
function readContext(emit: Emitter, offset: number): Register {
  const word = emit.load(emit.context(), offset);
  return emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, word);
    return emit.load("scratch", memory);
  });
}

function readPointer(emit: Emitter, base: Register, offset: number): Register {
  return emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, 0n);
    emit.call(HELPER.probe_read_kernel, [{ scratch: memory }, 8n, emit.alu("add", base, BigInt(offset))]);
    return emit.load("scratch", memory);
  });
}

import { MagicError, type DumpKind, type Magic } from "./magic.js";

/** In the order of the passes. */
const DUMP_KINDS: readonly DumpKind[] = ["tokens", "ast", "types", "ir", "bpf", "jit"];

const MEANINGS: Readonly<Record<DumpKind, string>> = {
  tokens: "what the text is made of",
  ast: "the tree that the parser makes",
  types: "variables and functions with their types",
  ir: "instructions before registers are given out",
  bpf: "the programs for the kernel",
  jit: "what the kernel makes of the programs",
};

const USAGE = `%dump ${DUMP_KINDS.join("|")} …`;

export const dump: Magic = {
  name: "dump",
  kind: "line",
  awaitsScript: true,
  usage: USAGE,
  summary: "compiles the rest of the cell instead of running it, and prints what the compiler makes of it",
  arguments: DUMP_KINDS.map((kind) => ({ kind: "option", text: kind, meaning: MEANINGS[kind] })),
  example: "%dump types bpf\nglobal calls\nprobe syscall_any { calls[name]++ }",
  run(argument, session) {
    const words = argument.split(/[\s,]+/).filter((word) => word !== "");
    const kinds = words.map(kindOf);
    if (kinds.length === 0) throw new MagicError("%dump needs to know what to print", `usage: ${USAGE}`);
    session.setDump([...new Set(kinds)]);
  },
};

function kindOf(word: string): DumpKind {
  const kind = DUMP_KINDS.find((candidate) => candidate === word);
  if (!kind) throw new MagicError(`%dump has no ${word} to print`, `usage: ${USAGE}`);
  return kind;
}

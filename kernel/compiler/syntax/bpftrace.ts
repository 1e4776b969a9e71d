/** Probes as bpftrace writes them, `kprobe:vfs_read { … }`: told as one mistake, with how they are written here, and left out whole. */
import type { Cursor } from "./cursor.js";
import * as messages from "./messages.js";
import type { Token } from "./token.js";

type Rewrite = (parts: readonly string[]) => string;

const kernelFunction: Rewrite = ([name = "NAME"]) => `kernel.function("${name}")`;
const programFunction: Rewrite = ([path = "PATH", name = "NAME"]) => `process("${path}").function("${name}")`;
const returned =
  (point: Rewrite): Rewrite =>
  (parts) =>
    `${point(parts)}.return`;

const tracepoint: Rewrite = ([group = "GROUP", name = "NAME"]) => {
  const [, moment, call] = (group === "syscalls" && /^sys_(enter|exit)_(\w+)$/.exec(name)) || [];
  if (call) return `syscall.${call}${moment === "exit" ? ".return" : ""}`;
  return `kernel.trace("${group}:${name}")`;
};
const rawTracepoint: Rewrite = (parts) => `kernel.trace("${parts.at(-1) ?? "NAME"}")`;
const mark: Rewrite = (parts) => `process("${parts[0] ?? "PATH"}").mark("${parts.length > 1 ? parts.at(-1) : "NAME"}")`;
const interval: Rewrite = ([unit = "s", number = "1"]) =>
  unit === "hz" ? `timer.hz(${number})` : `timer.${unit}(${number})`;
const profile: Rewrite = ([unit = "hz", number = "99"]) =>
  unit === "hz" ? `timer.profile.freq.hz(${number})` : `timer.profile.${unit}(${number})`;
const software: Rewrite = ([name = "NAME", period = "1"]) => `perf.sw.${name.replaceAll("-", "_")}.sample(${period})`;
const hardware: Rewrite = ([name = "NAME", period = "1000000"]) =>
  `perf.hw.${name.replaceAll("-", "_")}.sample(${period})`;

/** By the first word, and by its short form. */
const FAMILIES: Readonly<Record<string, Rewrite>> = {
  kprobe: kernelFunction,
  k: kernelFunction,
  kretprobe: returned(kernelFunction),
  kr: returned(kernelFunction),
  kfunc: (parts) => kernelFunction(parts.slice(-1)),
  fentry: (parts) => kernelFunction(parts.slice(-1)),
  kretfunc: returned((parts) => kernelFunction(parts.slice(-1))),
  fexit: returned((parts) => kernelFunction(parts.slice(-1))),
  uprobe: programFunction,
  u: programFunction,
  uretprobe: returned(programFunction),
  ur: returned(programFunction),
  usdt: mark,
  U: mark,
  tracepoint,
  t: tracepoint,
  rawtracepoint: rawTracepoint,
  rt: rawTracepoint,
  interval,
  i: interval,
  profile,
  p: profile,
  software,
  s: software,
  hardware,
  h: hardware,
};

/** Behind the last point, whatever is between: a filter, for one. */
const HEAD = /[^\s{,]+/y;

/** Whether one stood here; then it has been reported and left behind. */
export function skipBpftraceProbe(cursor: Cursor): boolean {
  const isProbe = cursor.at("probe");
  const first = isProbe ? cursor.following : cursor.token;
  const written = writtenHere(first, isProbe);
  if (written === null) return false;
  const { source, start } = first.span;
  cursor.reportSkipped(messages.bpftraceProbe(written.text, written.here), {
    source,
    start,
    end: start + written.text.length,
  });
  return true;
}

function writtenHere({ kind, text, span, definition }: Token, isProbe: boolean): { text: string; here: string } | null {
  if (kind !== "name" || definition) return null;
  const { source, start, end } = span;
  if (!isProbe && (text === "BEGIN" || text === "END"))
    return /^\s*\{/.test(source.text.slice(end, end + 80)) ? { text, here: text.toLowerCase() } : null;
  const rewrite = Object.hasOwn(FAMILIES, text) ? FAMILIES[text] : undefined;
  if (!rewrite || source.text[end] !== ":" || /[\s:=]/.test(source.text.charAt(end + 1))) return null;
  HEAD.lastIndex = start;
  const [head] = HEAD.exec(source.text) ?? [text];
  return { text: head, here: rewrite(head.split(":").slice(1)) };
}

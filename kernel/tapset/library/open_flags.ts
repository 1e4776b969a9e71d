/** How a file is opened. */
import { flagNames, takeFlags } from "./flags.js";
import type { WrittenFunction } from "./written.js";

/** asm-generic/fcntl.h, what consists of several bits before the bits. arm64 has four of its own. */
const COMMON = [
  ["04010000", "O_SYNC"],
  ["010000", "O_DSYNC"],
  ["0100", "O_CREAT"],
  ["0200", "O_EXCL"],
  ["0400", "O_NOCTTY"],
  ["01000", "O_TRUNC"],
  ["02000", "O_APPEND"],
  ["04000", "O_NONBLOCK"],
  ["020000", "O_ASYNC"],
  ["01000000", "O_NOATIME"],
  ["02000000", "O_CLOEXEC"],
  ["010000000", "O_PATH"],
] as const;

const X86 = [
  ["020200000", "O_TMPFILE"],
  ["040000", "O_DIRECT"],
  ["0100000", "O_LARGEFILE"],
  ["0200000", "O_DIRECTORY"],
  ["0400000", "O_NOFOLLOW"],
] as const;

const ARM64 = [
  ["020040000", "O_TMPFILE"],
  ["0200000", "O_DIRECT"],
  ["0400000", "O_LARGEFILE"],
  ["040000", "O_DIRECTORY"],
  ["0100000", "O_NOFOLLOW"],
] as const;

export const openFlagFunctions: readonly WrittenFunction[] = [
  {
    name: "_sys_open_flag_str",
    topic: "numbers",
    summary: "The names of the flags that a file is opened with, such as `O_WRONLY|O_CREAT`.",
    parameters: [{ name: "flags", type: "long", meaning: "as open() takes them" }],
    returns: "string",
    example: "println(_sys_open_flag_str(0101))",
    body: `if ((flags & 3) == 0) __text = "|O_RDONLY"
  else if ((flags & 3) == 1) __text = "|O_WRONLY"
  else if ((flags & 3) == 2) __text = "|O_RDWR"
  else __text = "|O_ACCMODE"
  flags &= ~3
  %( arch == "x86_64" %? ${takeFlags(X86)} %: ${takeFlags(ARM64)} %)
  ${flagNames(COMMON)}`,
  },
];

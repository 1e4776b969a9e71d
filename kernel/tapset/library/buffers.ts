/** Bytes and wide characters in memory as text. */
import { EVENT_ONLY, type WrittenFunction } from "./written.js";

type Space = "user" | "kernel";

const SPACES: readonly Space[] = ["user", "kernel"];

const address = { name: "address", type: "long", meaning: "where it lies" } as const;

function example(space: Space, call: (place: string) => string): string {
  return space === "user"
    ? `probe syscall.write { println(${call("buf_uaddr")}) }\nprobe timer.s(1) { exit() }`
    : `probe kernel.trace("sched_process_exec") { println(${call("$bprm->filename")}) }\nprobe timer.s(1) { exit() }`;
}

function place(space: Space): string {
  return space === "user" ? "the process's" : "the kernel's";
}

/** A byte as C writes it between quotes, and UTF-8 of a code point. */
export const bufferParts = `
function __quoted_byte:string(byte:long) {
  if (byte == 34 || byte == 92) return sprintf("\\\\%c", byte)
  if (byte >= 32 && byte < 127) return sprintf("%c", byte)
  if (byte == 10) return "\\\\n"
  if (byte == 9) return "\\\\t"
  if (byte == 13) return "\\\\r"
  return sprintf("\\\\%03o", byte)
}

function __utf8:string(point:long) {
  if (point < 0x80) return sprintf("%c", point)
  if (point < 0x800) return sprintf("%c%c", 0xc0 | point >> 6, 0x80 | (point & 63))
  if (point < 0x10000) return sprintf("%c%c%c", 0xe0 | point >> 12, 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
  return sprintf("%c%c%c%c", 0xf0 | point >> 18, 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
}
`;

function buffer(space: Space): WrittenFunction {
  const name = `${space}_buffer_quoted`;
  return {
    name,
    topic: "memory",
    summary: `So many bytes at an address in ${place(space)} memory, zeros among them, in double quotes and with escapes; three dots behind the quotes stand for what did not fit. An error where they cannot be read.`,
    parameters: [
      address,
      { name: "length", type: "long", meaning: "bytes to read" },
      { name: "most", type: "long", meaning: "the most bytes of the result; 0 for the language's longest string" },
    ],
    returns: "string",
    example: example(space, (at) => `${name}(${at}, 8, 0)`),
    userRefusal: EVENT_ONLY,
    body: `__limit = most > 0 && most < 511 ? most : 511
  __text = ""
  for (__index = 0; __index < length; __index++) {
    __piece = __quoted_byte(${space}_uint8(address + __index))
    # Two quotes, and three dots as long as there is more to come.
    if (strlen(__text) + strlen(__piece) + (__index + 1 < length ? 5 : 2) > __limit) return "\\"" . __text . "\\"..."
    __text .= __piece
  }
  return "\\"" . __text . "\\""`,
  };
}

const MOST_POINTS = 512;

function wide(space: Space, bits: 16 | 32): WrittenFunction[] {
  const name = `${space}_string_utf${bits}`;
  const surrogate = `if (__point >= 0xd800 && __point < 0xdc00) {
      __low = ${space}_uint16(__place)
      if (__low >= 0xdc00 && __low < 0xe000) {
        __point = 0x10000 + ((__point - 0xd800) << 10) + (__low - 0xdc00)
        __place += 2
      }
    }`;
  return [
    {
      name,
      topic: "memory",
      summary: `The text of UTF-${bits} at an address in ${place(space)} memory, as UTF-8; an error where it cannot be read.`,
      parameters: [address],
      returns: "string",
      example: example(space, (at) => `${name}(${at})`),
      userRefusal: EVENT_ONLY,
      body: `__text = ""
  __place = address
  for (__count = 0; __count < ${MOST_POINTS}; __count++) {
    __point = ${space}_uint${bits}(__place)
    __place += ${bits / 8}
    if (__point == 0) break
    ${bits === 16 ? surrogate : ""}
    __text .= __utf8(__point)
  }
  return __text`,
    },
    {
      name,
      topic: "memory",
      summary: `The text of UTF-${bits} at an address in ${place(space)} memory, as UTF-8; a text of yours where it cannot be read.`,
      parameters: [address, { name: "otherwise", type: "string", meaning: "what a failed read gives" }],
      returns: "string",
      example: example(space, (at) => `${name}(${at}, "?")`),
      userRefusal: EVENT_ONLY,
      body: `try { return ${name}(address) } catch { return otherwise }`,
    },
  ];
}

export const bufferFunctions: readonly WrittenFunction[] = SPACES.flatMap((space) => [
  buffer(space),
  ...wide(space, 16),
  ...wide(space, 32),
]);

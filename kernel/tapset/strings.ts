/** Strings. Those of the language are byte strings: lengths and places count bytes. */
import type { TapsetFunction } from "../compiler/catalogue.js";
import { copyString, stringLength } from "../compiler/ir/strings.js";
import { long } from "../compiler/ir/values.js";
import { longArgument, operand, text, textArgument } from "./arguments.js";
import { emitNumberOf } from "./kernel_digits.js";
import { emitEscaped, emitQuoted } from "./kernel_escapes.js";
import { emitByteAt, emitPart, emitPosition, emitReplaced } from "./kernel_strings.js";
import { escapeText, parseLong } from "./text.js";

const string = { name: "text", type: "string", meaning: "the text" } as const;

/** `text_str` and `string_quoted` never give more than the language's longest string. */
function cut(value: string, limit: number): string {
  return value.length < limit ? value : value.slice(0, limit - 1);
}

export const stringFunctions: readonly TapsetFunction[] = [
  {
    name: "strlen",
    topic: "strings",
    summary: "How many bytes a text has.",
    parameters: [string],
    returns: "long",
    unit: "bytes",
    example: 'println(strlen("four"))',
    kernel: (emit, args) => long(stringLength(emit, text(args, 0))),
    user: (_runtime, args) => BigInt(textArgument(args, 0).length),
  },
  {
    name: "substr",
    topic: "strings",
    summary: 'Part of a text, cut where the text ends; "" where the part starts outside of it.',
    parameters: [
      string,
      { name: "start", type: "long", meaning: "first byte, from 0" },
      { name: "length", type: "long", meaning: "bytes" },
    ],
    returns: "string",
    example: 'println(substr("probe point", 6, 5))',
    kernel: (emit, args) => emitPart(emit, text(args, 0), operand(args, 1), operand(args, 2)),
    user: (_runtime, args) => {
      const [from, length] = [longArgument(args, 1), longArgument(args, 2)];
      const whole = textArgument(args, 0);
      if (from < 0n || length <= 0n || from >= BigInt(whole.length)) return "";
      return whole.slice(Number(from), Number(from + length));
    },
  },
  {
    name: "isinstr",
    topic: "strings",
    summary: "1 if the second text occurs in the first, else 0.",
    parameters: [string, { name: "wanted", type: "string", meaning: "what to look for" }],
    returns: "long",
    example: 'println(isinstr("/usr/bin/node", "bin"))',
    kernel: (emit, args) => {
      const position = emitPosition(emit, text(args, 0), text(args, 1));
      if (typeof position === "bigint") return long(position < 0n ? 0n : 1n);
      return long(emit.alu("xor", emit.alu("rsh", position, 63n), 1n));
    },
    user: (_runtime, args) => (textArgument(args, 0).includes(textArgument(args, 1)) ? 1n : 0n),
  },
  {
    name: "strpos",
    topic: "strings",
    summary: "Where the second text first occurs in the first, from 0; -1 where it does not.",
    parameters: [string, { name: "wanted", type: "string", meaning: "what to look for" }],
    returns: "long",
    example: 'println(strpos("/usr/bin/node", "bin"))',
    kernel: (emit, args) => long(emitPosition(emit, text(args, 0), text(args, 1))),
    user: (_runtime, args) => BigInt(textArgument(args, 0).indexOf(textArgument(args, 1))),
  },
  {
    name: "stringat",
    topic: "strings",
    summary: "The byte at a place of a text, as a number.",
    parameters: [string, { name: "place", type: "long", meaning: "from 0; 0 is given outside of the text" }],
    returns: "long",
    example: 'println(stringat("A", 0))',
    kernel: (emit, args) => long(emitByteAt(emit, text(args, 0), operand(args, 1))),
    user: (_runtime, args) => {
      const whole = textArgument(args, 0);
      const place = longArgument(args, 1);
      return place < 0n || place >= BigInt(whole.length) ? 0n : BigInt(whole.charCodeAt(Number(place)));
    },
  },
  {
    name: "str_replace",
    topic: "strings",
    summary: "The text with every occurrence of one text replaced by another.",
    parameters: [
      string,
      { name: "old", type: "string", meaning: "what to replace" },
      { name: "new", type: "string", meaning: "what to put there" },
    ],
    returns: "string",
    example: 'println(str_replace("one two one", "one", "1"))',
    kernel: (emit, args) => emitReplaced(emit, text(args, 0), text(args, 1), text(args, 2)),
    user: (runtime, args) => {
      const old = textArgument(args, 1);
      const whole = textArgument(args, 0);
      return old === ""
        ? whole
        : cut(
            whole.replaceAll(old, () => textArgument(args, 2)),
            runtime.limits.maxStringLength,
          );
    },
  },
  {
    name: "strtol",
    topic: "strings",
    summary: "The number at the start of a text; reading stops at the first character that is no digit.",
    parameters: [string, { name: "base", type: "long", meaning: "2 to 36, or 0: by a leading 0x or 0" }],
    returns: "long",
    example: 'println(strtol("0x1f", 16))',
    kernel: (emit, args) => long(emitNumberOf(emit, text(args, 0), operand(args, 1))),
    user: (_runtime, args) => parseLong(textArgument(args, 0), longArgument(args, 1)),
  },
  {
    name: "text_str",
    topic: "strings",
    summary: "The text with bytes that cannot be printed written as C escapes.",
    parameters: [string],
    returns: "string",
    example: 'println(text_str("two\\nlines"))',
    kernel: (emit, args) => emitEscaped(emit, text(args, 0), 0n),
    user: (runtime, args) => escapeText(textArgument(args, 0), runtime.limits.maxStringLength - 1),
  },
  {
    name: "text_strn",
    topic: "strings",
    summary: "As text_str, but no longer than told, and in double quotes where wanted.",
    parameters: [
      string,
      { name: "length", type: "long", meaning: "the most bytes; 0 for the language's longest string" },
      { name: "quoted", type: "long", meaning: "1 for quotes, and `...` behind them where something was cut" },
    ],
    returns: "string",
    example: 'println(text_strn("two\\nlines", 10, 1))',
    kernel: (emit, args) => {
      const [limit, quoted] = [operand(args, 1), operand(args, 2)];
      if (quoted === 0n) return emitEscaped(emit, text(args, 0), limit);
      if (typeof quoted === "bigint") return emitQuoted(emit, text(args, 0), limit);
      const size = emit.maxStringLength;
      const offset = emit.allocate(size);
      emit.when(
        "eq",
        quoted,
        0n,
        () => copyString(emit, emitEscaped(emit, text(args, 0), limit), offset, size),
        () => copyString(emit, emitQuoted(emit, text(args, 0), limit), offset, size),
      );
      return { kind: "bytes", offset, size };
    },
    user: (runtime, args) => {
      const longest = runtime.limits.maxStringLength - 1;
      const wanted = longArgument(args, 1);
      const limit = wanted <= 0n || wanted > BigInt(longest) ? longest : Number(wanted);
      return longArgument(args, 2) === 0n
        ? escapeText(textArgument(args, 0), limit)
        : quote(textArgument(args, 0), limit);
    },
  },
  {
    name: "string_quoted",
    topic: "strings",
    summary: "The text in double quotes, with bytes that cannot be printed written as C escapes.",
    parameters: [string],
    returns: "string",
    example: 'println(string_quoted("two\\nlines"))',
    kernel: (emit, args) => emitQuoted(emit, text(args, 0), 0n),
    user: (runtime, args) => quote(textArgument(args, 0), runtime.limits.maxStringLength - 1),
  },
];

/** Three dots behind the quotes tell that something is missing. */
function quote(value: string, limit: number): string {
  const escaped = escapeText(value, Number.MAX_SAFE_INTEGER);
  if (escaped.length + 2 <= limit) return `"${escaped}"`;
  return `"${escapeText(value, Math.max(0, limit - 5))}"...`;
}

/**
 * Arguments of statically defined probes (USDT): operands as the assembler wrote them into the program's note, such as
 * `-4@%edi 8@-16(%rbp) 4@$5` on x86-64 and `-4@w0 8@[sp, 16]` on arm64. Pure: text in, places out.
 */

export type UsdtMachine = "x86_64" | "aarch64";

/** A register by the name of all its bits (`rax`, `x0`, `sp`), and which of its bytes are meant. */
export interface UsdtRegister {
  readonly name: string;
  /** Bytes. */
  readonly width: 1 | 2 | 4 | 8;
  /** Bits to the right of what is meant: 8 for `%ah` and its like. */
  readonly shift: 0 | 8;
}

/** base + index × scale + displacement, each part where it is. */
export interface UsdtMemory {
  readonly kind: "memory";
  /** Null where the address is the symbol's or the displacement alone. */
  readonly base: UsdtRegister | null;
  readonly index: UsdtRegister | null;
  readonly scale: 1 | 2 | 4 | 8 | 16;
  /** How an index of less than 64 bits becomes one of 64. */
  readonly indexSigned: boolean;
  readonly displacement: bigint;
  /** The variable that the displacement counts from, by its name in the program; empty where it counts from none. */
  readonly symbol: string;
  /** The segment register whose base is added (`fs`: the thread's own variables); empty where there is none. */
  readonly segment: "" | "fs" | "gs";
}

export type UsdtLocation =
  | { readonly kind: "constant"; readonly value: bigint }
  | { readonly kind: "register"; readonly register: UsdtRegister }
  /** The address of a variable, itself the value. */
  | { readonly kind: "address"; readonly symbol: string; readonly displacement: bigint }
  | UsdtMemory
  | { readonly kind: "unreadable"; readonly reason: string };

export interface UsdtArgument {
  /** Bytes of the value. */
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly location: UsdtLocation;
}

/** One entry for each argument, in order; what cannot be read says why, and the others count on. */
export function parseUsdtArguments(text: string, machine: UsdtMachine): readonly UsdtArgument[] {
  return operands(text).map((operand) => argument(operand, machine));
}

/** Operands are parted by blanks, but arm64 has blanks within brackets too. */
function operands(text: string): readonly string[] {
  return text.match(/(?:\[[^\]]*\]!?|\([^)]*\)|\S)+/g) ?? [];
}

const SIZES = [1, 2, 4, 8] as const;

function argument(operand: string, machine: UsdtMachine): UsdtArgument {
  const head = /^(?<sign>-?)(?<size>\d+)(?<float>f?)@(?<place>.+)$/s.exec(operand)?.groups;
  // A note without sizes is of the format's first version, in which everything was a word.
  if (!head) return { size: 8, signed: true, location: location(operand, machine) };
  const signed = head["sign"] === "-";
  const size = SIZES.find((candidate) => candidate === Number(head["size"]));
  if (size === undefined) return unreadable(8, signed, `a value of ${head["size"]} bytes is no number`);
  if (head["float"] !== "") return unreadable(size, signed, "it is a floating-point number");
  return { size, signed, location: location(head["place"]!, machine) };
}

function unreadable(size: UsdtArgument["size"], signed: boolean, reason: string): UsdtArgument {
  return { size, signed, location: { kind: "unreadable", reason } };
}

function location(place: string, machine: UsdtMachine): UsdtLocation {
  const found = machine === "aarch64" ? armLocation(place) : intelLocation(place);
  return found ?? { kind: "unreadable", reason: `"${place}" is no operand of ${machine} that is known here` };
}

/** A sum of numbers and at most one symbol, such as `16`, `-0x8+4`, `counter+8` and `counter@GOTPCREL`. */
function sum(text: string): { readonly symbol: string; readonly displacement: bigint } | null {
  if (!/^[-+]?[\w.$@]+(?:[-+][\w.$@]+)*$/.test(text)) return null;
  let symbol = "";
  let displacement = 0n;
  for (const { groups } of text.matchAll(/(?<sign>[-+]?)(?<term>[\w.$@]+)/g)) {
    const term = groups!["term"]!;
    const isNegative = groups!["sign"] === "-";
    if (/^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(term)) {
      const value = number(term);
      displacement += isNegative ? -value : value;
    } else if (symbol === "" && !isNegative && /^[A-Za-z_.$]/.test(term)) {
      symbol = term;
    } else {
      return null;
    }
  }
  return { symbol, displacement: BigInt.asIntN(64, displacement) };
}

/** As the assembler reads it: a leading zero makes it octal. */
function number(text: string): bigint {
  if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  return BigInt(text);
}

// x86-64

const INTEL_LETTERS = ["a", "b", "c", "d"];
const INTEL_POINTERS = ["si", "di", "bp", "sp"];

function intelRegister(text: string): UsdtRegister | null {
  const numbered = /^r(?<number>[89]|1[0-5])(?<width>[dwb]?)$/.exec(text)?.groups;
  if (numbered) {
    const width = ({ "": 8, d: 4, w: 2, b: 1 } as const)[numbered["width"] as "" | "d" | "w" | "b"];
    return { name: `r${numbered["number"]}`, width, shift: 0 };
  }
  if (text === "rip") return { name: "rip", width: 8, shift: 0 };
  for (const letter of INTEL_LETTERS) {
    const name = `r${letter}x`;
    if (text === `${letter}h`) return { name, width: 1, shift: 8 };
    if (text === `${letter}l`) return { name, width: 1, shift: 0 };
    const width = intelWidth(text, `${letter}x`);
    if (width !== null) return { name, width, shift: 0 };
  }
  for (const pointer of INTEL_POINTERS) {
    if (text === `${pointer}l`) return { name: `r${pointer}`, width: 1, shift: 0 };
    const width = intelWidth(text, pointer);
    if (width !== null) return { name: `r${pointer}`, width, shift: 0 };
  }
  return null;
}

function intelWidth(text: string, stem: string): 2 | 4 | 8 | null {
  if (text === stem) return 2;
  if (text === `e${stem}`) return 4;
  return text === `r${stem}` ? 8 : null;
}

function intelLocation(place: string): UsdtLocation | null {
  if (place.startsWith("$")) return constant(place.slice(1));
  const segmented = /^%(?<segment>fs|gs):(?<rest>.+)$/.exec(place)?.groups;
  if (segmented) return intelMemory(segmented["rest"]!, segmented["segment"] as "fs" | "gs");
  if (place.startsWith("%")) {
    if (/^%[xyz]mm\d+$/.test(place)) return { kind: "unreadable", reason: `${place} is a vector register` };
    const register = intelRegister(place.slice(1));
    return register && { kind: "register", register };
  }
  return intelMemory(place, "");
}

function constant(text: string): UsdtLocation | null {
  const parsed = sum(text);
  if (!parsed) return null;
  if (parsed.symbol !== "") return { kind: "address", ...parsed };
  return { kind: "constant", value: parsed.displacement };
}

/** `displacement(base,index,scale)`, each part optional. */
function intelMemory(place: string, segment: UsdtMemory["segment"]): UsdtLocation | null {
  const parts =
    /^(?<front>[^()]*)(?:\(\s*(?:%(?<base>\w+))?\s*(?:,\s*%(?<index>\w+)\s*(?:,\s*(?<scale>[1248])\s*)?)?\))?$/.exec(
      place,
    )?.groups;
  if (!parts || place === "") return null;
  const front = parts["front"] === "" ? { symbol: "", displacement: 0n } : sum(parts["front"]!.trim());
  if (!front || /@/.test(front.symbol)) return null;
  const base = parts["base"] === undefined ? null : intelRegister(parts["base"]);
  const index = parts["index"] === undefined ? null : intelRegister(parts["index"]);
  if ((parts["base"] !== undefined && !base) || (parts["index"] !== undefined && !index)) return null;
  return {
    kind: "memory",
    // Beside a symbol, %rip is only the way in which the instruction finds it.
    base: base?.name === "rip" && front.symbol !== "" ? null : base,
    index,
    scale: Number(parts["scale"] ?? 1) as UsdtMemory["scale"],
    indexSigned: false,
    displacement: front.displacement,
    symbol: front.symbol,
    segment,
  };
}

// arm64

function armRegister(text: string): UsdtRegister | null {
  const named = /^(?<bank>[xw])(?<number>[12]?\d|30)$/.exec(text)?.groups;
  if (named) return { name: `x${named["number"]}`, width: named["bank"] === "x" ? 8 : 4, shift: 0 };
  if (text === "sp" || text === "wsp") return { name: "sp", width: text === "sp" ? 8 : 4, shift: 0 };
  if (text === "fp" || text === "lr") return { name: text === "fp" ? "x29" : "x30", width: 8, shift: 0 };
  return null;
}

function armLocation(place: string): UsdtLocation | null {
  if (/^[wx]zr$/.test(place)) return { kind: "constant", value: 0n };
  if (/^[bhsdqv]\d+$/.test(place)) return { kind: "unreadable", reason: `${place} is a vector register` };
  const register = armRegister(place);
  if (register) return { kind: "register", register };
  if (place.startsWith("[")) return armMemory(place);
  return constant(place.replace(/^#/, ""));
}

/** `[base]`, `[base, #displacement]`, `[base, :lo12:symbol]`, `[base, index]`, `[base, index, lsl|sxtw|uxtw|sxtx #amount]`. */
function armMemory(place: string): UsdtLocation | null {
  const inner = /^\[(?<inner>[^\]]*)\]$/.exec(place)?.groups!["inner"];
  const [baseText, second, third, ...more] = (inner ?? "").split(",").map((part) => part.trim());
  const base = armRegister(baseText ?? "");
  if (!base || base.width !== 8 || more.length > 0) return null;
  const memory: UsdtMemory = {
    kind: "memory",
    base,
    index: null,
    scale: 1,
    indexSigned: false,
    displacement: 0n,
    symbol: "",
    segment: "",
  };
  if (second === undefined) return memory;
  const index = armRegister(second);
  if (index) return armIndexed(memory, index, third);
  if (third !== undefined) return null;
  // The base holds the symbol's page: page and low bits together are the symbol's address.
  const low = /^#?:lo12:(?<symbol>.+)$/.exec(second)?.groups;
  const parsed = sum(low ? low["symbol"]! : second.replace(/^#/, ""));
  if (!parsed || (low === undefined) !== (parsed.symbol === "")) return null;
  return { ...memory, ...parsed, base: low ? null : base };
}

function armIndexed(memory: UsdtMemory, index: UsdtRegister, extension: string | undefined): UsdtMemory | null {
  if (extension === undefined) return index.width === 8 ? { ...memory, index } : null;
  const parts = /^(?<how>lsl|sxtw|uxtw|sxtx)(?:\s+#?(?<amount>[0-4]))?$/.exec(extension)?.groups;
  if (!parts) return null;
  const isWord = parts["how"] === "sxtw" || parts["how"] === "uxtw";
  if (isWord !== (index.width === 4)) return null;
  const scale = (1 << Number(parts["amount"] ?? 0)) as UsdtMemory["scale"];
  return { ...memory, index, scale, indexSigned: parts["how"] === "sxtw" };
}

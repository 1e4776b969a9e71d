/**
 * Floating-point numbers of 64 bits (IEEE 754 binary64), which the language holds as their bits: programs in the kernel have no others.
 * Results are rounded to the nearest number, and of two to the even one. Significands are worked on with their leading one in bit 62, so
 * that ten bits below those that are kept tell how to round; the last of them stays 1 once anything behind it was.
 */
import type { WrittenFunction } from "./written.js";

const INFINITY = "0x7ff0000000000000";
const NOT_A_NUMBER = "0x7ff8000000000000";
const MAGNITUDE = "0x7fffffffffffffff";

/** What the functions below are made of. */
export const floatingPointParts = `
private function __fp_exponent:long(a:long) { return (a >>> 52) & 2047 }
private function __fp_fraction:long(a:long) { return a & 0xfffffffffffff }
private function __fp_is_nan:long(a:long) { return (a & ${MAGNITUDE}) > ${INFINITY} }

private function __fp_shift:long(value:long, count:long) {
  if (count <= 0) return value
  if (count >= 63) return value != 0
  return (value >>> count) | ((value << (64 - count)) != 0)
}

private function __fp_pack:long(sign:long, exponent:long, value:long) {
  if (exponent >= 2047) return (sign << 63) | ${INFINITY}
  __kept = exponent <= 0 ? __fp_shift(value, 1 - exponent) : value
  __rounded = (__kept + 0x200) >>> 10
  if ((__kept & 0x3ff) == 0x200) __rounded &= ~1
  return (sign << 63) | ((exponent > 0 ? (exponent - 1) << 52 : 0) + __rounded)
}

private function __fp_normal:long(sign:long, exponent:long, value:long) {
  if (value == 0) return sign << 63
  __value = value
  __place = exponent
  for (__step = 32; __step > 0; __step >>= 1) {
    if (!(__value >>> (63 - __step))) {
      __value <<= __step
      __place -= __step
    }
  }
  return __fp_pack(sign, __place, __value)
}

private function __fp_leading:long(fraction:long) {
  __count = 0
  __value = fraction
  while (__value && !(__value >>> 52)) {
    __value <<= 1
    __count++
  }
  return __count
}
`;

const number = (name: string) => ({ name, type: "long", meaning: "the bits of a floating-point number" }) as const;

function operation(name: string, summary: string, example: string, body: string): WrittenFunction {
  return {
    name,
    topic: "floating point",
    summary,
    parameters: [number("a"), number("b")],
    returns: "long",
    example,
    body,
  };
}

const show = (call: string): string => `println(fp_to_string(${call}, 3))`;

/** Both operands as numbers with a leading one in bit 52, and which sign the product or quotient has. */
const NORMALISED = `if (__fp_is_nan(a)) return a | 0x8000000000000
  if (__fp_is_nan(b)) return b | 0x8000000000000
  __sign = (a ^ b) >>> 63
  __a = __fp_fraction(a)
  __b = __fp_fraction(b)
  __ea = __fp_exponent(a)
  __eb = __fp_exponent(b)`;

const LEADING = `if (__ea) __a |= 0x10000000000000
  else {
    __shift = __fp_leading(__a)
    __a <<= __shift
    __ea = 1 - __shift
  }
  if (__eb) __b |= 0x10000000000000
  else {
    __shift = __fp_leading(__b)
    __b <<= __shift
    __eb = 1 - __shift
  }`;

export const floatingPointFunctions: readonly WrittenFunction[] = [
  operation(
    "fp_add",
    "The sum of two floating-point numbers.",
    show("fp_add(long_to_fp(1), long_to_fp(2))"),
    `if (__fp_is_nan(a)) return a | 0x8000000000000
  if (__fp_is_nan(b)) return b | 0x8000000000000
  __ea = __fp_exponent(a)
  __eb = __fp_exponent(b)
  if (__ea == 2047) return __eb == 2047 && a != b ? ${NOT_A_NUMBER} : a
  if (__eb == 2047) return b
  __a = (__fp_fraction(a) | (__ea ? 0x10000000000000 : 0)) << 9
  __b = (__fp_fraction(b) | (__eb ? 0x10000000000000 : 0)) << 9
  if (!__ea) __ea = 1
  if (!__eb) __eb = 1
  __place = __ea > __eb ? __ea : __eb
  __a = __fp_shift(__a, __place - __ea)
  __b = __fp_shift(__b, __place - __eb)
  __sign = a >>> 63
  if (__sign == b >>> 63) return __fp_normal(__sign, __place + 1, __a + __b)
  if (__a == __b) return 0
  return __a > __b ? __fp_normal(__sign, __place + 1, __a - __b) : __fp_normal(1 - __sign, __place + 1, __b - __a)`,
  ),
  operation(
    "fp_sub",
    "The difference of two floating-point numbers.",
    show("fp_sub(long_to_fp(1), long_to_fp(2))"),
    "return __fp_is_nan(b) ? b | 0x8000000000000 : fp_add(a, b ^ (1 << 63))",
  ),
  operation(
    "fp_mul",
    "The product of two floating-point numbers.",
    show("fp_mul(long_to_fp(3), long_to_fp(2))"),
    `${NORMALISED}
  if (__ea == 2047 || __eb == 2047) {
    if (!(a & ${MAGNITUDE}) || !(b & ${MAGNITUDE})) return ${NOT_A_NUMBER}
    return (__sign << 63) | ${INFINITY}
  }
  if (!(a & ${MAGNITUDE}) || !(b & ${MAGNITUDE})) return __sign << 63
  ${LEADING}
  __a <<= 10
  __b <<= 11
  __ah = __a >>> 32
  __al = __a & 0xffffffff
  __bh = __b >>> 32
  __bl = __b & 0xffffffff
  __low = __al * __bl
  __middle = __ah * __bl + (__low >>> 32)
  __other = __al * __bh + (__middle & 0xffffffff)
  __high = __ah * __bh + (__middle >>> 32) + (__other >>> 32)
  __rest = (__other << 32) | (__low & 0xffffffff)
  return __fp_normal(__sign, __ea + __eb - 1022, __high | (__rest != 0))`,
  ),
  operation(
    "fp_div",
    "The quotient of two floating-point numbers.",
    show("fp_div(long_to_fp(1), long_to_fp(3))"),
    `${NORMALISED}
  if (__ea == 2047) return __eb == 2047 ? ${NOT_A_NUMBER} : (__sign << 63) | ${INFINITY}
  if (__eb == 2047) return __sign << 63
  if (!(b & ${MAGNITUDE})) return a & ${MAGNITUDE} ? (__sign << 63) | ${INFINITY} : ${NOT_A_NUMBER}
  if (!(a & ${MAGNITUDE})) return __sign << 63
  ${LEADING}
  if (__a < __b) {
    __a <<= 1
    __ea--
  }
  __quotient = 0
  for (__bit = 0; __bit < 63; __bit++) {
    __quotient <<= 1
    if (__a >= __b) {
      __a -= __b
      __quotient |= 1
    }
    __a <<= 1
  }
  return __fp_pack(__sign, __ea - __eb + 1023, __quotient | (__a != 0))`,
  ),
  {
    name: "fp_sqrt",
    topic: "floating point",
    summary: "The square root of a floating-point number.",
    parameters: [number("a")],
    returns: "long",
    example: show("fp_sqrt(long_to_fp(2))"),
    body: `if (__fp_is_nan(a)) return a | 0x8000000000000
  if (!(a & ${MAGNITUDE}) || a == ${INFINITY}) return a
  if (a < 0) return ${NOT_A_NUMBER}
  __a = __fp_fraction(a)
  __ea = __fp_exponent(a)
  if (__ea) __a |= 0x10000000000000
  else {
    __shift = __fp_leading(__a)
    __a <<= __shift
    __ea = 1 - __shift
  }
  __power = __ea - 1075
  if (__power & 1) {
    __a <<= 1
    __power--
  }
  __root = 0
  __rest = 0
  for (__step = 0; __step < 56; __step++) {
    __rest = (__rest << 2) | ((__a >>> 52) & 3)
    __a = (__a & 0xfffffffffffff) << 2
    __trial = (__root << 2) | 1
    __root <<= 1
    if (__rest >= __trial) {
      __rest -= __trial
      __root |= 1
    }
  }
  return __fp_pack(0, 1049 + (__power >> 1), (__root << 7) | (__rest != 0))`,
  },
  ...(
    [
      ["fp_eq", "are equal", "=="],
      ["fp_lt", "are the first less than the second", "<"],
      ["fp_le", "are the first at most the second", "<="],
    ] as const
  ).map(([name, what, operator]) =>
    operation(
      name,
      name === "fp_eq"
        ? "1 where two floating-point numbers are equal, else 0; what is not a number equals nothing."
        : `1 where of two floating-point numbers ${what.replace("are ", "")} is, else 0.`,
      `println(${name}(long_to_fp(1), long_to_fp(2)))`,
      `if (__fp_is_nan(a) || __fp_is_nan(b)) return 0
  __a = a < 0 ? -(a & ${MAGNITUDE}) : a
  __b = b < 0 ? -(b & ${MAGNITUDE}) : b
  return __a ${operator} __b`,
    ),
  ),
  {
    name: "long_to_fp",
    topic: "floating point",
    summary: "The floating-point number nearest to a whole one.",
    parameters: [{ name: "value", type: "long", meaning: "a number" }],
    returns: "long",
    example: 'printf("%#x\\n", long_to_fp(1))',
    body: `if (value == 1 << 63) return 0xc3e0000000000000
  return __fp_normal(value < 0, 1085, value < 0 ? -value : value)`,
  },
  {
    name: "fp_to_long",
    topic: "floating point",
    summary:
      "A floating-point number as a whole one; the greatest or the least number where it is beyond them, 0 where it is none.",
    parameters: [
      number("a"),
      {
        name: "rounding",
        type: "long",
        meaning:
          "0 to the nearest and of two to the even one, 1 towards 0, 2 down, 3 up, 4 to the nearest and of two away from 0",
      },
      { name: "exact", type: "long", meaning: "has no effect" },
    ],
    returns: "long",
    example: "println(fp_to_long(fp_div(long_to_fp(7), long_to_fp(2)), 1, 0))",
    body: `if (__fp_is_nan(a)) return 0
  __sign = a < 0
  __ea = __fp_exponent(a)
  __a = __fp_fraction(a) | (__ea ? 0x10000000000000 : 0)
  __right = 1075 - (__ea ? __ea : 1)
  if (__right < -10) return __sign ? 1 << 63 : ${MAGNITUDE}
  if (__right <= 0) return __sign ? -(__a << -__right) : __a << -__right
  __whole = __right > 62 ? 0 : __a >>> __right
  __rest = __right > 62 ? __a != 0 : __a & ((1 << __right) - 1)
  __half = __right > 62 ? 2 : 1 << (__right - 1)
  if (rounding == 0) __whole += __rest > __half || (__rest == __half && (__whole & 1))
  else if (rounding == 2) __whole += __sign && __rest
  else if (rounding == 3) __whole += !__sign && __rest
  else if (rounding == 4) __whole += __rest >= __half
  return __sign ? -__whole : __whole`,
  },
  {
    name: "fp32_to_fp64",
    topic: "floating point",
    summary: "A floating-point number of 32 bits as one of 64.",
    parameters: [{ name: "value", type: "long", meaning: "the bits of a floating-point number of 32 bits" }],
    returns: "long",
    example: show("fp32_to_fp64(0x3f800000)"),
    body: `__sign = (value >>> 31) & 1
  __place = (value >>> 23) & 255
  __fraction = value & 0x7fffff
  if (__place == 255) return (__sign << 63) | (__fraction ? ${NOT_A_NUMBER} : ${INFINITY})
  if (__place) return (__sign << 63) | ((__place + 896) << 52) | (__fraction << 29)
  return __fp_normal(__sign, 936, __fraction)`,
  },
  {
    name: "fp_to_string",
    topic: "floating point",
    summary: "A floating-point number below 2^63 as text, rounded to so many digits.",
    parameters: [number("a"), { name: "precision", type: "long", meaning: "digits behind the point, up to 17" }],
    returns: "string",
    example: show("fp_div(long_to_fp(1), long_to_fp(3))"),
    body: `if (__fp_is_nan(a)) return "nan"
  __sign = a < 0
  __ea = __fp_exponent(a)
  if (__ea == 2047) return __sign ? "-inf" : "inf"
  if (__ea > 1085) error("fp_to_string: the number is too large for text")
  __a = __fp_fraction(a) | (__ea ? 0x10000000000000 : 0)
  __right = 1075 - (__ea ? __ea : 1)
  __digits = precision < 0 ? 0 : precision > 17 ? 17 : precision
  __whole = __right <= 0 ? __a << -__right : __right > 62 ? 0 : __a >>> __right
  __bits = __right > 60 ? 60 : __right < 0 ? 0 : __right
  __rest = __right <= 0 ? 0 : __right > 60 ? __fp_shift(__a, __right - 60) : __a & ((1 << __right) - 1)
  __shown = 0
  __most = 1
  for (__place = 0; __place < __digits; __place++) {
    __rest *= 10
    __shown = __shown * 10 + (__rest >>> __bits)
    __rest &= (1 << __bits) - 1
    __most *= 10
  }
  if (__bits && __rest >>> (__bits - 1)) {
    __shown++
    if (__shown == __most) {
      __shown = 0
      __whole++
    }
  }
  if (__digits == 0) return sprintf("%s%d", __sign ? "-" : "", __whole)
  return sprintf("%s%d.%0*d", __sign ? "-" : "", __whole, __digits, __shown)`,
  },
  {
    name: "string_to_fp",
    topic: "floating point",
    summary:
      "The floating-point number that a decimal one is, up to the first character that does not belong to it; exact to the last bit with up to 15 digits and an exponent up to 22.",
    parameters: [{ name: "input", type: "string", meaning: "such as 1.5 or -2e3" }],
    returns: "long",
    example: show('string_to_fp("1.25")'),
    body: `__at = 0
  __sign = 0
  __first = stringat(input, 0)
  if (__first == 45 || __first == 43) {
    __sign = __first == 45
    __at = 1
  }
  __value = 0
  __power = 0
  __isBehind = 0
  for (; __at < 40; __at++) {
    __letter = __at < strlen(input) ? stringat(input, __at) : 0
    if (__letter == 46 && !__isBehind) __isBehind = 1
    else if (__letter < 48 || __letter > 57) break
    else if (__value < 100000000000000000) {
      __value = __value * 10 + __letter - 48
      __power -= __isBehind
    } else __power += !__isBehind
  }
  if (__letter == 101 || __letter == 69) __power += strtol(substr(input, __at + 1, 5), 10)
  if (__power > 400) __power = 400
  if (__power < -400) __power = -400
  __result = long_to_fp(__value)
  __ten = long_to_fp(10)
  __factor = long_to_fp(1)
  for (__step = __power < 0 ? -__power : __power; __step > 0; __step--) {
    if (__step % 22 == 0) {
      __result = __power < 0 ? fp_div(__result, __factor) : fp_mul(__result, __factor)
      __factor = long_to_fp(1)
    }
    __factor = fp_mul(__factor, __ten)
  }
  __result = __power < 0 ? fp_div(__result, __factor) : fp_mul(__result, __factor)
  return __sign ? __result ^ (1 << 63) : __result`,
  },
];

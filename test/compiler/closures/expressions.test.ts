import * as fc from "fast-check";
import type { ArithmeticOperator, ComparisonOperator } from "../../../kernel/compiler/check/program.js";
import { compileHandler } from "../../../kernel/compiler/closures/compile.js";
import { ScriptError } from "../../../kernel/compiler/closures/runtime.js";
import * as t from "./tree.js";

const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 63n - 1n;
const long = fc.bigInt({ min: LOWEST, max: HIGHEST });
const byteString = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((unit) => String.fromCharCode(unit)) });

const magnitude = (value: bigint) => (value < 0n ? -value : value);
const compute = (left: bigint, operator: ArithmeticOperator, right: bigint) =>
  t.valueOf(t.arithmetic(t.number(left), operator, t.number(right)));

describe("arithmetic on signed 64-bit numbers", () => {
  // Worked out by hand from C's rules for int64_t with two's complement wrap-around.
  const table: readonly (readonly [bigint, ArithmeticOperator, bigint, bigint])[] = [
    [HIGHEST, "+", 1n, LOWEST],
    [LOWEST, "-", 1n, HIGHEST],
    [HIGHEST, "*", 2n, -2n],
    [0x100000000n, "*", 0x100000000n, 0n],
    [7n, "/", 2n, 3n],
    [-7n, "/", 2n, -3n],
    [7n, "/", -2n, -3n],
    [-7n, "/", -2n, 3n],
    [LOWEST, "/", -1n, LOWEST],
    [7n, "%", 3n, 1n],
    [-7n, "%", 3n, -1n],
    [7n, "%", -3n, 1n],
    [LOWEST, "%", -1n, 0n],
    [1n, "<<", 63n, LOWEST],
    [1n, "<<", 64n, 1n],
    [1n, "<<", -1n, LOWEST],
    [3n, "<<", 63n, LOWEST],
    [-8n, ">>", 1n, -4n],
    [-1n, ">>", 63n, -1n],
    [-8n, ">>", 65n, -4n],
    [-1n, ">>>", 60n, 15n],
    [-1n, ">>>", 64n, -1n],
    [-8n, ">>>", 1n, 0x7ffffffffffffffcn],
    [-1n, "&", 0xffn, 255n],
    [LOWEST, "|", 1n, LOWEST + 1n],
    [-1n, "^", HIGHEST, LOWEST],
  ];
  test.each(table)("%d %s %d is %d", (left, operator, right, expected) => {
    expect(compute(left, operator, right)).toBe(expected);
  });

  test("sums, differences and products are those of 64-bit memory cells", () => {
    fc.assert(
      fc.property(long, long, (left, right) => {
        expect(compute(left, "+", right)).toBe(new BigInt64Array([left + right])[0]);
        expect(compute(left, "-", right)).toBe(new BigInt64Array([left - right])[0]);
        expect(compute(left, "*", right)).toBe(new BigInt64Array([left * right])[0]);
      }),
    );
  });

  test("quotient and remainder are the pair that C defines", () => {
    fc.assert(
      fc.property(
        long,
        long.filter((value) => value !== 0n && value !== -1n),
        (dividend, divisor) => {
          const quotient = compute(dividend, "/", divisor) as bigint;
          const rest = compute(dividend, "%", divisor) as bigint;
          expect(quotient * divisor + rest).toBe(dividend);
          expect(magnitude(rest) < magnitude(divisor)).toBe(true);
          expect(rest === 0n || rest < 0n === dividend < 0n).toBe(true);
        },
      ),
    );
  });

  test("a logical shift moves bits as a string of 64 of them would", () => {
    fc.assert(
      fc.property(long, fc.integer({ min: 0, max: 63 }), (value, count) => {
        const bits = new BigUint64Array([value])[0]!.toString(2).padStart(64, "0");
        const moved = "0".repeat(count) + bits.slice(0, 64 - count);
        expect(compute(value, ">>>", BigInt(count))).toBe(new BigInt64Array([BigInt(`0b${moved}`)])[0]);
      }),
    );
  });

  test.each(["/", "%"] as const)("a divisor of 0 is an error at the place of %s", (operator) => {
    const expression = t.arithmetic(t.number(1), operator, t.number(0), t.spanAt(42));
    const run = () => t.valueOf(expression);
    expect(run).toThrow(ScriptError);
    expect(run).toThrow(expect.objectContaining({ message: "division by 0", span: t.spanAt(42) }));
  });

  test("unary operators", () => {
    expect(t.valueOf(t.unary("-", t.number(LOWEST)))).toBe(LOWEST);
    expect(t.valueOf(t.unary("-", t.number(5)))).toBe(-5n);
    expect(t.valueOf(t.unary("~", t.number(0)))).toBe(-1n);
    expect(t.valueOf(t.unary("!", t.number(0)))).toBe(1n);
    expect(t.valueOf(t.unary("!", t.number(-3)))).toBe(0n);
  });
});

describe("comparison", () => {
  const operators: readonly ComparisonOperator[] = ["<", ">", "<=", ">=", "==", "!="];

  test("numbers compare as signed", () => {
    const truths = operators.map((operator) => t.valueOf(t.compare(t.number(-1), operator, t.number(1))));
    expect(truths).toEqual([1n, 0n, 1n, 0n, 0n, 1n]);
    const equal = operators.map((operator) => t.valueOf(t.compare(t.number(7), operator, t.number(7))));
    expect(equal).toEqual([0n, 0n, 1n, 1n, 1n, 0n]);
  });

  test("strings compare by content, byte after byte", () => {
    fc.assert(
      fc.property(byteString, byteString, (left, right) => {
        const order = Buffer.compare(Buffer.from(left, "latin1"), Buffer.from(right, "latin1"));
        const truths = operators.map((operator) => t.valueOf(t.compare(t.text(left), operator, t.text(right))));
        expect(truths).toEqual(
          [order < 0, order > 0, order <= 0, order >= 0, order === 0, order !== 0].map(Number).map(BigInt),
        );
      }),
    );
  });
});

describe("truth", () => {
  const boom = t.arithmetic(t.number(1), "/", t.number(0));

  test("&& and || give 0 or 1 and leave out what does not matter", () => {
    expect(t.valueOf(t.logical(t.number(2), "&&", t.number(-1)))).toBe(1n);
    expect(t.valueOf(t.logical(t.number(0), "&&", boom))).toBe(0n);
    expect(t.valueOf(t.logical(t.number(5), "||", boom))).toBe(1n);
    expect(t.valueOf(t.logical(t.number(0), "||", t.number(9)))).toBe(1n);
    expect(t.valueOf(t.logical(t.number(0), "||", t.number(0)))).toBe(0n);
  });

  test("a conditional evaluates one side", () => {
    expect(t.valueOf(t.conditional(t.number(1), t.text("yes"), t.text("no")))).toBe("yes");
    expect(t.valueOf(t.conditional(t.number(0), boom, t.number(3)))).toBe(3n);
  });
});

const ofEightBytes = () => new t.TestRuntime({ maxStringLength: 8 });

describe("strings", () => {
  const nine = "123456789";
  const s = t.localOf(0, "s", "string");

  test("concatenation stops a byte before the limit, which the terminator takes", () => {
    expect(t.valueOf(t.concatenate(t.text("1234"), t.text("56789")), ofEightBytes())).toBe("1234567");
    expect(t.valueOf(t.concatenate(t.text("123"), t.text("4567")), ofEightBytes())).toBe("1234567");
  });

  test("so does every way to store one", () => {
    const g = t.global("g", t.STRING);
    const keyed = t.global("keyed", t.arrayOf(["string"], "string"));
    const identity = t.userFunction("identity", [s], t.giveBack(t.local(s)), { returns: "string" });
    const constant = t.userFunction("constant", [], t.giveBack(t.text(nine)), { returns: "string" });
    const body = t.block(
      t.run(t.assign(t.local(s), t.text(nine))),
      t.print(t.local(s)),
      t.run(t.assign(t.local(s), t.text("x"), ".")),
      t.print(t.local(s)),
      t.run(t.assign(t.scalar(g), t.text(nine))),
      t.print(t.scalar(g)),
      t.run(t.assign(t.scalar(g), t.text("ab"))),
      t.run(t.assign(t.scalar(g), t.text("cdefghi"), ".")),
      t.print(t.scalar(g)),
      t.run(t.assign(t.element(keyed, [t.text(nine)]), t.text(nine))),
      t.print(t.element(keyed, [t.text("1234567")])),
      t.print(t.call(identity, [t.text(nine)])),
      t.print(t.call(constant)),
      t.print(t.format("<%s>", [t.text(nine)], true)),
    );
    expect(t.outputOf(body, [s], ofEightBytes())).toBe(
      "1234567;1234567;1234567;abcdefg;1234567;1234567;1234567;<123456;",
    );
  });

  test("printing a literal shows all of it", () => {
    expect(t.outputOf(t.print(t.text(nine)), [], ofEightBytes())).toBe("123456789;");
  });

  test("a string ends at its first NUL", () => {
    expect(t.valueOf(t.text("ab\0cd"))).toBe("ab");
    expect(t.valueOf(t.format("%2b%s", [t.number(0x41), t.text("x")], true))).toBe("A");
  });
});

describe("printing", () => {
  test("printf prints and sprintf gives the text", () => {
    expect(t.outputOf(t.run(t.format("%5d|%-4s|%x\n", [t.number(42), t.text("ab"), t.number(255)])))).toBe(
      "   42|ab  |ff\n",
    );
    expect(t.valueOf(t.format("%03d", [t.number(7)], true))).toBe("007");
  });
});

describe("tapset functions and context variables", () => {
  test("get their arguments and give their value", () => {
    const repeat = t.tapset((_runtime, [what, times]) => (what as string).repeat(Number(times)), "string", [
      t.text("ab"),
      t.number(3),
    ]);
    expect(t.valueOf(repeat)).toBe("ababab");
  });

  test("an error of theirs gets the place of the call", () => {
    const failing = t.tapset(
      () => {
        throw new ScriptError("no such file");
      },
      null,
      [],
      t.spanAt(7),
    );
    expect(() => t.valueOf(failing)).toThrow(expect.objectContaining({ message: "no such file", span: t.spanAt(7) }));
  });

  test("a context variable is read when it is evaluated", () => {
    const variable = { name: "pp", type: "string" as const, summary: "", user: () => "timer.s(1)" };
    expect(t.valueOf({ kind: "context", type: "string", variable, span: t.spanAt(0) })).toBe("timer.s(1)");
  });
});

describe("a handler", () => {
  const x = t.localOf(0, "x");
  const name = t.localOf(1, "name", "string");

  test("starts with empty locals each time and gives what they hold at the end", () => {
    const closure = compileHandler(t.handlerOf(t.run(t.increment(t.local(x))), [x, name]));
    const runtime = new t.TestRuntime();
    expect(closure(runtime)).toEqual([1n, ""]);
    expect(closure(runtime)).toEqual([1n, ""]);
  });

  test("does nothing where its condition does not hold", () => {
    const g = t.global("g", t.LONG);
    const closure = compileHandler(t.handlerOf(t.print(t.text("ran")), [], t.scalar(g)));
    const runtime = new t.TestRuntime();
    closure(runtime);
    expect(runtime.printed).toBe("");
    runtime.store(g).set([], 1n);
    closure(runtime);
    expect(runtime.printed).toBe("ran;");
  });
});

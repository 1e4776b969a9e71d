import type { UserFunction } from "../../../kernel/compiler/check/program.js";
import { compileExpression, compileHandler } from "../../../kernel/compiler/closures/compile.js";
import { ScriptAbort, ScriptError } from "../../../kernel/compiler/closures/runtime.js";
import * as t from "./tree.js";

const i = t.localOf(0, "i");
const message = t.localOf(1, "message", "string");
const boom = (at = 0) => t.run(t.arithmetic(t.number(1), "/", t.number(0), t.spanAt(at)));
const countTo = (end: number, body: ReturnType<typeof t.block>) =>
  t.loop(t.compare(t.local(i), "<", t.number(end)), t.increment(t.local(i)), body);

function errorOf(action: () => unknown): ScriptError {
  try {
    action();
  } catch (error) {
    if (error instanceof ScriptError) return error;
    throw error;
  }
  throw new Error("there was no error");
}

describe("control flow", () => {
  test("if takes one branch", () => {
    expect(t.outputOf(t.when(t.number(-1), t.print(t.text("yes")), t.print(t.text("no"))))).toBe("yes;");
    expect(t.outputOf(t.when(t.number(0), t.print(t.text("yes")), t.print(t.text("no"))))).toBe("no;");
    expect(t.outputOf(t.when(t.number(0), t.print(t.text("yes"))))).toBe("");
  });

  test("break leaves the innermost loop, continue goes on with its step", () => {
    const j = t.localOf(1, "j");
    const inner = t.loop(
      t.number(1),
      t.increment(t.local(j)),
      t.block(t.when(t.compare(t.local(j), ">=", t.local(i)), t.jump("break")), t.print(t.local(i), t.local(j))),
    );
    const body = countTo(
      4,
      t.block(
        t.when(t.compare(t.local(i), "==", t.number(2)), t.jump("continue")),
        t.run(t.assign(t.local(j), t.number(0))),
        inner,
      ),
    );
    expect(t.outputOf(body, [i, j])).toBe("1 0;3 0;3 1;3 2;");
  });

  test("next leaves the handler from within loops", () => {
    const body = t.block(
      countTo(5, t.block(t.print(t.local(i)), t.when(t.local(i), t.jump("next")))),
      t.print(t.text("x")),
    );
    expect(t.outputOf(body, [i])).toBe("0;1;");
  });
});

describe("try and catch", () => {
  test("the message goes into the variable and the rest of the body is left out", () => {
    const body = t.block(
      t.attempt(t.block(boom(), t.print(t.text("unreached"))), message, t.print(t.local(message))),
      t.print(t.text("after")),
    );
    expect(t.outputOf(body, [i, message])).toBe("division by 0;after;");
  });

  test("without an error the handler does not run", () => {
    expect(t.outputOf(t.attempt(t.print(t.text("fine")), null, t.print(t.text("caught"))))).toBe("fine;");
  });

  test("an error in the handler goes to the try around it", () => {
    const inner = t.attempt(boom(), null, t.run(t.extract("min", t.statisticOf(t.global("s", t.STATISTIC)))));
    expect(t.outputOf(t.attempt(inner, message, t.print(t.local(message))), [i, message])).toBe("empty aggregate;");
  });

  test("break and return pass through", () => {
    const body = countTo(5, t.attempt(t.block(t.print(t.local(i)), t.jump("break")), null, t.block()));
    expect(t.outputOf(body, [i])).toBe("0;");
  });

  test("an abort is not caught", () => {
    const abort = t.run(
      t.tapset(() => {
        throw new ScriptAbort("aborted");
      }, null),
    );
    expect(() => t.outputOf(t.attempt(abort, message, t.print(t.text("caught"))), [i, message])).toThrow(ScriptAbort);
  });
});

describe("functions", () => {
  const n = t.localOf(0, "n");
  const oneLess = t.arithmetic(t.local(n), "-", t.number(1));
  const factorial = t.recursive("factorial", [n], (self) =>
    t.block(
      t.when(t.compare(t.local(n), "<=", t.number(1)), t.giveBack(t.number(1))),
      t.giveBack(t.arithmetic(t.local(n), "*", t.call(self, [oneLess]))),
    ),
  );

  test("call themselves", () => {
    expect(t.valueOf(t.call(factorial, [t.number(10)]))).toBe(3628800n);
  });

  test("may be under way MAXNESTING times, no more", () => {
    expect(t.valueOf(t.call(factorial, [t.number(3)]), new t.TestRuntime({ maxNesting: 3 }))).toBe(6n);
    expect(() => t.valueOf(t.call(factorial, [t.number(4)]), new t.TestRuntime({ maxNesting: 3 }))).toThrow(
      new ScriptError("MAXNESTING exceeded"),
    );
  });

  test("calls that an error left do not count as nesting any more", () => {
    const body = t.block(
      t.attempt(t.run(t.call(factorial, [t.number(99)])), message, t.print(t.local(message))),
      t.print(t.call(factorial, [t.number(5)])),
    );
    expect(t.outputOf(body, [i, message])).toBe("MAXNESTING exceeded;120;");
  });

  test("recursion that outgrows the stack of this process is the same error", () => {
    const runtime = new t.TestRuntime({ maxNesting: 10_000_000, maxAction: 100_000_000 });
    expect(() => t.valueOf(t.call(factorial, [t.number(5_000_000)]), runtime)).toThrow(
      new ScriptError("MAXNESTING exceeded"),
    );
  });

  test("each call has locals of its own", () => {
    const mine = t.localOf(1, "mine");
    const f = t.userFunction(
      "f",
      [n],
      t.block(t.run(t.increment(t.local(mine))), t.giveBack(t.arithmetic(t.local(mine), "+", t.local(n)))),
      { locals: [n, mine] },
    );
    expect(t.valueOf(t.arithmetic(t.call(f, [t.number(10)]), "+", t.call(f, [t.number(20)])))).toBe(32n);
  });

  test("without return they give 0 or an empty string", () => {
    const long = t.userFunction("long", [], t.block());
    const string = t.userFunction("string", [], t.block(), { returns: "string" });
    expect(t.valueOf(t.call(long))).toBe(0n);
    expect(t.valueOf(t.call(string))).toBe("");
  });

  test("return leaves loops and a foreach", () => {
    const array = t.global("array", t.arrayOf(["long"], "long"));
    const k = t.localOf(1, "k");
    const f = t.userFunction("f", [n], t.loop(null, null, t.foreach(array, [k], t.giveBack(t.local(k)))), {
      locals: [n, k],
    });
    const runtime = new t.TestRuntime();
    runtime.store(array).set([77n], 0n);
    expect(t.valueOf(t.call(f, [t.number(0)]), runtime)).toBe(77n);
  });

  test("next falls through to the following overload with the arguments as they were given", () => {
    const last = t.userFunction("pick", [n], t.giveBack(t.arithmetic(t.local(n), "+", t.number(1000))));
    const first = t.userFunction(
      "pick",
      [n],
      t.block(
        t.when(t.compare(t.local(n), "<", t.number(10)), t.giveBack(t.number(1))),
        t.run(t.assign(t.local(n), t.number(0))),
        t.jump("next"),
      ),
      { alternative: last },
    );
    expect(t.valueOf(t.call(first, [t.number(5)]))).toBe(1n);
    expect(t.valueOf(t.call(first, [t.number(50)]))).toBe(1050n);
  });

  test("it is an error when no overload is left", () => {
    const only = t.userFunction("only", [], t.jump("next"));
    expect(() => t.valueOf(t.call(only, [], t.spanAt(9)))).toThrow(
      expect.objectContaining({ message: "all functions exhausted", span: t.spanAt(9) }),
    );
  });

  test("an error knows its place and the calls that led there, innermost first", () => {
    const inner: UserFunction = t.userFunction("inner", [], boom(5));
    const outer = t.userFunction("outer", [], t.run(t.call(inner, [], t.spanAt(6))));
    const error = errorOf(() => t.valueOf(t.call(outer, [], t.spanAt(7))));
    expect(error.span).toEqual(t.spanAt(5));
    expect(error.calls).toEqual([
      { function: "inner", span: t.spanAt(6) },
      { function: "outer", span: t.spanAt(7) },
    ]);
  });
});

describe("MAXACTION", () => {
  const forever = t.loop(null, null, t.block());

  test.each([
    ["an empty loop", forever],
    ["a loop of statements", t.loop(t.number(1), null, t.run(t.number(0)))],
    ["a try that always starts over", t.loop(null, null, t.attempt(forever, null, t.block()))],
    ["a loop of continue", t.loop(null, null, t.jump("continue"))],
    ["a try whose handler loops too", t.attempt(forever, null, forever)],
  ])("ends %s", (_what, body) => {
    expect(() => t.outputOf(body)).toThrow(new ScriptError("MAXACTION exceeded"));
  });

  test("ends recursion that branches and catches at every level", () => {
    const f = t.recursive("f", [], (self) => {
      const again = t.attempt(t.run(t.call(self)), null, t.block());
      return t.block(again, again);
    });
    const runtime = new t.TestRuntime({ maxNesting: 500 });
    expect(() => compileExpression(t.call(f), [])(runtime)).toThrow(new ScriptError("MAXACTION exceeded"));
  });

  test("allows that many statements and not one more; those in a row count before the first of them", () => {
    const last = t.when(t.number(1), t.print(t.number(3)));
    const body = t.block(t.when(t.number(1), t.print(t.number(1))), t.print(t.number(2)), last);
    const run = (maxAction: number) => {
      const runtime = new t.TestRuntime({ maxAction });
      const error =
        maxAction < 5 ? errorOf(() => t.outputOf(body, [], runtime)).message : t.outputOf(body, [], runtime);
      return [error, runtime.printed];
    };
    expect(run(5)).toEqual(["1;2;3;", "1;2;3;"]);
    expect(run(4)).toEqual(["MAXACTION exceeded", "1;2;"]);
    expect(run(3)).toEqual(["MAXACTION exceeded", "1;"]);
  });

  test("is counted anew for each run of a handler", () => {
    const closure = compileHandler(t.handlerOf(t.block(t.print(t.number(1)), t.print(t.number(2)))));
    const runtime = new t.TestRuntime({ maxAction: 2 });
    closure(runtime);
    closure(runtime);
    expect(runtime.printed).toBe("1;2;1;2;");
  });

  test("can be caught, once", () => {
    const body = t.attempt(forever, message, t.block());
    const closure = compileHandler(t.handlerOf(body, [i, message]));
    expect(closure(new t.TestRuntime())).toEqual([0n, "MAXACTION exceeded"]);
  });
});

describe("interrupts", () => {
  test("are looked for while a loop runs, and end it", () => {
    const runtime = new t.TestRuntime({ maxAction: Number.MAX_SAFE_INTEGER });
    runtime.checkInterrupt = () => {
      if (++runtime.interruptChecks === 3) throw new ScriptAbort("interrupted");
    };
    expect(() => t.outputOf(t.attempt(t.loop(null, null, t.block()), null, t.block()), [], runtime)).toThrow(
      ScriptAbort,
    );
  });
});

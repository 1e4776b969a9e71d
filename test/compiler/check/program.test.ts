/** What the typed program holds: handlers, locals, globals' uses and parts, lowered printing, the display. */
import type {
  Expression,
  GlobalVariable,
  Handler,
  Statement,
  TypedProgram,
} from "../../../kernel/compiler/check/program.js";
import { check, summary, type Settings } from "./fixture.js";

function program(text: string, settings?: Settings): TypedProgram {
  const result = check(text, settings);
  expect(summary(result)).toEqual([]);
  return result.program;
}

function global(text: string, name: string, settings?: Settings): GlobalVariable {
  const found = program(text, settings).globals.find((variable) => variable.name === name);
  if (!found) throw new Error(`no global ${name}`);
  return found;
}

function statements({ body }: Pick<Handler, "body">): readonly Statement[] {
  return body.kind === "block"
    ? body.statements.flatMap((inner) => (inner.kind === "block" ? statements({ body: inner }) : [inner]))
    : [body];
}

/** The expressions that stand as statements, in order, each as its kind and what it is about. */
function actions(handler: Handler | undefined): string[] {
  if (!handler) throw new Error("no handler");
  return statements(handler).map((statement) =>
    statement.kind === "expression" ? action(statement.expression) : statement.kind,
  );
}

function action(expression: Expression): string {
  switch (expression.kind) {
    case "assign":
      return `${expression.target.kind === "local" ? expression.target.local.name : "?"} = ${action(expression.value)}`;
    case "tapset":
    case "call":
      return `${expression.function.name}(${expression.arguments.map(action).join(", ")})`;
    case "context":
      return `context ${expression.variable.name}`;
    case "local":
      return expression.local.name;
    case "text":
      return JSON.stringify(expression.value);
    case "number":
      return String(expression.value);
    default:
      return expression.kind;
  }
}

describe("handlers", () => {
  test("one for each point that resolves, in order, with its expanded name", () => {
    const { handlers } = program(`probe syscall.open, syscall.{read,write}.return, syscall.nosuch? { exit() }`);
    expect(handlers.map(({ point }) => point)).toEqual(["syscall.open", "syscall.read.return", "syscall.write.return"]);
  });

  test("a sufficient point ends the list", () => {
    const { handlers } = program(`probe syscall.nosuch !, syscall.read !, syscall.write { exit() }`);
    expect(handlers.map(({ point }) => point)).toEqual(["syscall.read"]);
  });

  test("a variable of the probe point is read in place until the script assigns to it", () => {
    const { handlers } = program(`probe syscall.open { log(name) log(argstr) argstr = "x"; log(argstr) }`);
    expect(actions(handlers[0])).toEqual([
      "argstr = context argstr",
      "log(context name)",
      "log(argstr)",
      'argstr = "x"',
      "log(argstr)",
    ]);
    expect(handlers[0]?.locals).toEqual([{ index: 0, name: "argstr", type: "string", isOfLoop: false }]);
  });

  test("conditions of point and aliases are joined", () => {
    const { handlers } = program(`global a = 1, b = 1 probe x = syscall.open if (a) { } probe x if (b > 2) { exit() }`);
    expect(handlers[0]?.condition).toMatchObject({
      kind: "logical",
      operator: "&&",
      left: { kind: "compare" },
      right: { kind: "global", global: { name: "a" } },
    });
  });

  test("bare statements are one handler that runs in user space", () => {
    const { handlers } = program(`log("a") probe begin { exit() } x = 1`);
    expect(handlers.map(({ isStatements, probe }) => [isStatements, probe.kind])).toEqual([
      [true, "user"],
      [false, "user"],
    ]);
    expect(actions(handlers[0])).toEqual(['log("a")', "x = 1"]);
    expect(handlers[0]?.probe).toMatchObject({ moment: { kind: "statements" } });
  });
});

describe("aliases", () => {
  test("bodies run around the handler's, the inner alias outermost, and share its variables", () => {
    const { handlers } = program(`
      probe inner = syscall.open { log("inner before") shared = "s" }, { log("inner after") }
      probe outer = inner { log("outer before") }, { log("outer after") }
      probe outer { log(shared) }`);
    expect(actions(handlers[0])).toEqual([
      'log("inner before")',
      'shared = "s"',
      'log("outer before")',
      "log(shared)",
      'log("outer after")',
      'log("inner after")',
    ]);
  });

  test("`+=` runs after, several names mean the same, suffixes pass on", () => {
    const { handlers } = program(`probe a.x = b = syscall.open { log("1") } probe c += syscall.read { log("2") }
      probe a.x.return, b { exit() } probe c { exit() }`);
    expect(handlers.map(({ point }) => point)).toEqual(["syscall.open.return", "syscall.open", "syscall.read"]);
    expect(actions(handlers[2])).toEqual(["exit()", 'log("2")']);
  });

  test.each([
    ["files.*", ["syscall.open", "syscall.close"]],
    ["f*.open", ["syscall.open"]],
    ["**pen", ["syscall.open"]],
    ["files.*.return", ["syscall.open.return", "syscall.close.return"]],
    // The longer alias is the better match for the same point.
    ["deep.er", ["syscall.fsync"]],
  ])("%s stands for %j", (point, expected) => {
    const { handlers } = program(`
      probe files.open = syscall.open { } probe files.close = syscall.close { }
      probe deep = syscall.sync { } probe deep.er = syscall.fsync { }
      probe ${point} { exit() }`);
    expect(handlers.map((handler) => handler.point)).toEqual(expected);
  });

  test("the tapset's aliases see the tapset's globals, not the user's", () => {
    const prelude = ["private global count probe counted = syscall.open { count++ total = count }"];
    const { globals, handlers } = program(`global count probe counted { count = name; println(total) }`, { prelude });
    expect(globals.map(({ name, type, read }) => [name, type.kind === "scalar" && type.value, read])).toEqual([
      ["count", "string", false],
      ["tapset.tapset 1.count", "long", true],
    ]);
    expect(handlers[0]?.locals.map(({ name, type }) => [name, type])).toEqual([["total", "long"]]);
  });
});

describe("functions", () => {
  test("only those that are reached, from the tapset's scripts too", () => {
    const prelude = [
      "function used(x) { return deeper(x) } function deeper(x) { return x + 1 } function unused() { return nothing() }",
    ];
    const { functions } = program(`function idle() { return 1 } probe begin { println(used(1)) }`, { prelude });
    expect(functions.map(({ name }) => name).toSorted()).toEqual(["deeper", "used"]);
  });

  test("`next` falls through to the candidate of the next priority, and only then is it there", () => {
    const { program: result } = check(`
      function f(a):3 { return 3 } function f(a):1 { if (a) next; return 1 } function f(a):2 { return 2 }
      function f(a, b) { return 4 }
      probe begin { println(f(1) + f(1, 2)) }`);
    const { functions } = result;
    const [first, second] = functions.filter(({ parameters }) => parameters.length === 1);
    expect(functions).toHaveLength(3);
    expect(first?.alternative).toBe(second);
    expect(second?.alternative).toBeNull();
    expect(second?.body).toMatchObject({ statements: [{ kind: "return", value: { value: 2n } }] });
  });

  test("a user's function may pass on to the tapset's of the same name", () => {
    const { functions } = program(
      `function strlen(s) { if (s == "") next; return 1 } probe begin { println(strlen("a")) }`,
    );
    expect(functions.map(({ body }) => statements({ body }).at(-1))).toMatchObject([
      { kind: "return", value: { kind: "number" } },
      { kind: "return", value: { kind: "tapset", function: { name: "strlen" }, arguments: [{ kind: "local" }] } },
    ]);
  });

  test("a function that can never be called draws a warning", () => {
    const result = check(`function f() { return 1 } function f() { return 2 } probe begin { println(f()) }`);
    expect(summary(result)).toEqual(["warning function/never-reached 1:36"]);
  });

  test("a function that returns nothing, and one that calls itself", () => {
    const { functions } = program(`function p(n) { if (n) p(n - 1) log("x") } probe begin { p(3) }`);
    expect(functions[0]).toMatchObject({ returns: null, parameters: [{ index: 0, name: "n", type: "long" }] });
  });
});

describe("globals", () => {
  test.each([
    [`global x probe begin { x++ }`, false, true],
    [`global x probe begin { x += 2; x <<= 1 }`, false, true],
    [`global x probe begin { y = x++; log(sprint(y)) }`, true, true],
    [`global x probe begin { for (x = 0; x < 3; x++) log("") }`, true, true],
    [`global x probe begin { x = 1 } probe end { delete x }`, false, true],
    [`global x probe begin { x[1] = 1 }`, false, true],
    [`global x probe begin { x[1] = 1; if (1 in x) log("") }`, true, true],
    [`global x probe begin { x[1] = 1; foreach (k in x) log(sprint(k)) }`, true, true],
    [`global x probe begin { x <<< 1 }`, false, true],
    [`global x probe begin { x <<< 1; y = @count(x); log(sprint(y)) }`, true, true],
    [`global x = 1 probe syscall.open if (x) { exit() }`, true, false],
    [`global x = 1 function f() { x = 2 } probe begin { f() }`, false, true],
    [`global x = 1 function unreached() { return x } probe begin { x = 2 }`, false, true],
    [`global x = 1 x = 2 x`, true, true],
  ])("%s is read: %p, written: %p", (text, read, written) => {
    expect(global(text, "x")).toMatchObject({ read, written });
  });

  test.each([
    [`s <<< 1`, { log: false, linear: [], variance: false }],
    [`s <<< 1; print(@hist_log(s))`, { log: true, linear: [], variance: false }],
    [`s <<< 1; println(@variance(s, 3))`, { log: false, linear: [], variance: true }],
    [
      `s <<< 1; print(@hist_linear(s, -10, 10, 5)) print(@hist_linear(s, -10, 10, 5)) print(@hist_linear(s, 0, 125, 1))`,
      {
        log: false,
        linear: [
          { low: -10n, high: 10n, step: 5n },
          { low: 0n, high: 125n, step: 1n },
        ],
        variance: false,
      },
    ],
  ])("parts of a statistic: %s", (body, parts) => {
    expect(global(`global s probe begin { ${body} }`, "s", { mode: "script" }).parts).toEqual(parts);
    expect(global(`global s probe begin { ${body} }`, "s").parts).toEqual({ ...parts, log: true });
  });

  test("values from outside win over initialisers and tell a type", () => {
    const globalValues = new Map([
      ["a", "0x10"],
      ["b", "12"],
      ["c", "text"],
    ]);
    const text = `global a = 1, b, c probe begin { println(a, b, c) }`;
    expect(program(text, { globalValues }).globals.map(({ initial }) => initial)).toEqual([16n, 12n, "text"]);
    expect(summary(check(`global a = 1 probe begin { println(a) }`, { globalValues: new Map([["a", "x"]]) }))).toEqual([
      "error global/value 1:8",
    ]);
    expect(
      summary(check(`global ab = 1 probe begin { println(ab) }`, { globalValues: new Map([["ac", "1"]]) })),
    ).toEqual(["error global/no-such 1:1"]);
  });
});

describe("printing", () => {
  test.each([
    [`println("a", 1)`, ["%s", "%d", "\n"]],
    [`print(1)`, ["%d"]],
    [`printd("-", 1, "b")`, ["%d", "-", "%s"]],
    [`printdln(":", 1, 2)`, ["%d", ":", "%d", "\n"]],
    [`printf("%5s|%x\\n", "a", 1)`, ["%s", "|", "%x", "\n"]],
    [`print_char(65)`, ["%c"]],
  ])("%s", (text, expected) => {
    const [statement] = statements(program(`probe begin { ${text} }`).handlers[0]!);
    const expression = statement?.kind === "expression" ? statement.expression : null;
    if (expression?.kind !== "format") throw new Error("not lowered");
    expect(expression.toString).toBe(false);
    expect(expression.pieces.map((piece) => (piece.kind === "literal" ? piece.text : `%${piece.conversion}`))).toEqual(
      expected,
    );
  });

  test("a histogram prints under the text of its statistic", () => {
    const [, statement] = statements(
      program(`global lat probe begin { lat["read"] <<< 1; print(@hist_log(lat["read"])) }`).handlers[0]!,
    );
    expect(statement).toMatchObject({ expression: { kind: "printHistogram", toString: false, label: 'lat["read"]' } });
  });
});

describe("display", () => {
  test.each([
    [`1 + 2`, "value", "1 + 2"],
    [`global a probe begin { a["x"]++ } a`, "global", "a"],
    [`global a probe begin { a["x"]++ } a["x"]`, "value", 'a["x"]'],
    [`global s probe begin { s <<< 1 } s`, "global", "s"],
    [`global n = 5 n`, "value", "n"],
    [`global s probe begin { s["x"] <<< 1 } s["x"]`, "histogram", 's["x"]'],
    [`global s probe begin { s <<< 1 } @hist_log(s)`, "histogram", "@hist_log(s)"],
    [`global s probe begin { s <<< 1 } @avg(s)`, "value", "@avg(s)"],
    [`execname() . "x"`, "value", 'execname() . "x"'],
    [`function f() { return "x" } f()`, "value", "f()"],
  ])("%s is displayed as a %s", (text, kind, label) => {
    expect(program(text).display).toMatchObject({ kind, label });
  });

  test.each([
    `x = 1`,
    `global x x++`,
    `exit()`,
    `println("x")`,
    `function f() { log("x") } f()`,
    `1 + 2 probe begin { exit() }`,
  ])("%s displays nothing", (text) => {
    const { display, handlers } = program(text);
    expect(display).toBeNull();
    expect(handlers[0]?.isStatements).toBe(true);
  });

  test("a displayed expression has the slots of the statements before it", () => {
    const { display, handlers } = program(`a = "x" b = 2 b * 3`);
    expect(display).toMatchObject({
      locals: [
        { name: "a", index: 0 },
        { name: "b", index: 1 },
      ],
    });
    expect(display && "locals" in display && display.locals).toBe(handlers[0]?.locals);
  });
});

/** Whatever is written, the checker answers with a program or with an error, and never throws. */
import { array, assert, constantFrom, double, nat, property, record } from "fast-check";
import { bits, DescribedTypes, member } from "../types/described.js";
import { check } from "./fixture.js";

const SCRIPTS = [
  `global t, lat, n = 1 probe syscall.read { t[tid()] = gettimeofday_ns() }
   probe syscall.read.return if (n > 0) { if (tid() in t) { lat[execname()] <<< gettimeofday_ns() - t[tid()]; delete t[tid()] } }
   probe end { foreach (p in lat @avg- limit 3) { printf("%s %d\\n", p, @count(lat[p])); print(@hist_log(lat[p])) } }`,
  `probe a.b = syscall.open { x = 1 }, { x = 2 } probe a.* { try { println(f(x), argstr) } catch (e) { log(e) } }
   function f(n) { if (n < 2) next; return f(n - 1) . "x" } function f(n) { return sprint(n) }`,
  `global a[10], s%; a[1, "x"] .= "y"; foreach (v = [i+, j] in a[*, "x"]) { if (v == "z") break; s[j] <<< i } @hist_linear(s["x"], 0, 10, 1)`,
  `for (i = 0; i < 10; i++) { total += i ? i * 2 : -i; while (total > 100) total >>= 1 } total`,
  `global last, of function up(t) { return t->parent } function pid_of(t) { return t ? t->pid : 0 }
   probe syscall.open { t = @cast($fd, "task"); last = up(t); of[t] = up(last)->parent; println(t->comm[1], (x = t)->flag, &t->comm, t->comm$)
     foreach (k in of) println(pid_of(k), (of[k])->pid, @defined(k->nothing) ? k->nothing : @enumname(@enum("RED"), "color"), @var("boss")->pid$$) }`,
];

/** A kernel with a few types and one variable. */
const types = new DescribedTypes();
const int = types.number("int", 4, true);
const task = types.struct("task", 32, []);
types.complete(task, [
  member("pid", int, 0),
  bits("flag", int, 33, 2),
  member("comm", types.array(types.number("char", 1, true), 8), 8),
  member("parent", types.pointer(task), 16),
  member("real", types.add("float", { name: "double", size: 8 }), 24),
]);
types.add("enum", { name: "color", size: 4, enumerators: [{ name: "RED", value: 1n }] });
types.add("variable", { name: "boss", target: task });
const machine = { dataTypes: () => types, kernelSymbol: (name: string) => (name === "boss" ? 4096n : null) };

const TOKENS =
  `-> ->pid ->flag ->real ->comm [1] [s] $ $$ & @cast( @var( @enum( @enumname( "task" "task*" "color" "boss" (t)-> global probe function if else foreach in return delete next break a s t x n f execname() tid() $fd @count( @hist_log( @defined( ( ) [ ] { } , ; = += <<< ++ . + == ? : "x" 1 * syscall.open begin`.split(
    " ",
  );

describe("robustness", () => {
  test("mutated scripts give a program or an error", () => {
    const mutation = record({
      at: double({ min: 0, max: 1, noNaN: true }),
      remove: nat({ max: 12 }),
      insert: constantFrom("", ...TOKENS),
    });
    assert(
      property(constantFrom(...SCRIPTS), array(mutation, { minLength: 1, maxLength: 5 }), (script, mutations) => {
        const text = mutations.reduce((current, { at, remove, insert }) => {
          const offset = Math.floor(at * current.length);
          return `${current.slice(0, offset)} ${insert} ${current.slice(offset + remove)}`;
        }, script);
        const { program, diagnostics } = check(text, { machine });
        const failed = diagnostics.some(({ severity }) => severity === "error");
        expect(program.handlers.length === 0 || !failed).toBe(true);
        for (const { hint, span } of diagnostics) {
          expect(hint ?? "").toMatch(/^$|[.?…`}]$/);
          expect(span.start).toBeLessThanOrEqual(span.end);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("random sentences of tokens, too", () => {
    assert(
      property(array(constantFrom(...TOKENS), { maxLength: 40 }), (tokens) => {
        check(tokens.join(" "), { machine });
        check(`global a, s, t probe syscall.open { ${tokens.join(" ")} }`, { mode: "script", machine });
      }),
      { numRuns: 1000 },
    );
  });

  test("long chains of functions and of expressions do not run out of stack", () => {
    const functions = Array.from(
      { length: 2000 },
      (_, index) => `function f${index}(x) { return ((((f${index + 1}(x))))) + 1 }`,
    );
    expect(() =>
      check(`${functions.join("\n")} function f2000(x) { return x } probe begin { println(f0(1)) }`),
    ).not.toThrow();
    expect(() => check(`println(${"1 + ".repeat(5000)} 1)`)).not.toThrow();
    expect(() => check(`probe begin { ${"if (1) ".repeat(5000)} exit() }`)).not.toThrow();
  });

  test("aliases that double at each level end in a diagnostic", () => {
    const aliases = Array.from({ length: 40 }, (_, index) => `probe a${index + 1} = a${index}, a${index} { }`);
    const { diagnostics } = check(`probe a0 = syscall.open { } ${aliases.join("\n")} probe a40 { exit() }`);
    expect(diagnostics.map(({ code }) => code)).toEqual(["probe/too-many"]);
  });
});

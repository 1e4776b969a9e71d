import * as fc from "fast-check";
import { completeness } from "../../../kernel/compiler/syntax/completeness.js";
import { options, parse } from "./fixture.js";

const SEED_SCRIPT = String.raw`@define m(a, b) %( @a + @b %) global x%[10], y = 3 // text
function f:long(a:string) { if (a == "x\n") return @m(1, 2) else next }
probe syscall.{open,close}.return ? if (y), timer.ms(5) { foreach ([k, v-] in x[*, 1] limit 3) { x[k, v] <<< $p->q[0]$ } delete x }
%( kernel_v > "6" %? probe end { try { print(@hist_log(x)) } catch (e) { } } %: %{ c %} %)
y = y ? 1 : [1, 2] in x && y =~ "a" "b"`;

const TOKENS =
  'probe global function if else for foreach in limit return delete while try catch long private next ( ) [ ] { } , ; . : ? ! % * + - = == <<< << -> =~ & && @count @hist_log @define @m $x $x$$ $1 @1 $# "s" 12 0x name %( %? %: %) %{ %} // /* */ \\ \' \n'.split(
    " ",
  );

/** Parses in both modes, in less than 100 ms of processor time; the quicker of two runs counts, since something else may be compiled or collected meanwhile. */
function check(text: string): void {
  for (const mode of ["cell", "script"] as const) {
    const run = (): number => {
      const before = process.cpuUsage();
      const { script, diagnostics } = parse(text, { mode, arguments: ["a b", "{"] });
      const { user, system } = process.cpuUsage(before);
      const isEmpty = script.items.length === 0 && diagnostics.list.length === 0;
      if (isEmpty && /^\s*[A-Za-z0-9]/.test(text)) throw new Error("neither a tree nor a diagnostic");
      for (const { span } of diagnostics.list) {
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        expect(span.end).toBeLessThanOrEqual(span.source.text.length);
      }
      return (user + system) / 1000;
    };
    if (run() >= 100) expect(run()).toBeLessThan(100);
  }
  const result = completeness({ name: "test", text }, options);
  expect(["complete", "incomplete", "invalid"]).toContain(result.status);
}

test("random text gives a tree or a diagnostic", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), check), { numRuns: 150 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => check(Buffer.from(bytes).toString("latin1"))),
    {
      numRuns: 150,
    },
  );
});

test("random tokens give a tree or a diagnostic", () => {
  const tokens = fc.array(fc.constantFrom(...TOKENS), { maxLength: 120 });
  fc.assert(
    fc.property(tokens, (words) => check(words.join(" "))),
    { numRuns: 200 },
  );
});

test("a script with a piece cut out, doubled or put in gives a tree or a diagnostic", () => {
  const place = fc.nat(SEED_SCRIPT.length);
  const mutation = fc.tuple(place, place, fc.constantFrom("cut", "double", "insert"), fc.constantFrom(...TOKENS));
  const mutated = fc.array(mutation, { minLength: 1, maxLength: 4 }).map((mutations) => {
    let text = SEED_SCRIPT;
    for (const [one, other, kind, token] of mutations) {
      const [start, end] = one < other ? [one, other] : [other, one];
      if (kind === "cut") text = text.slice(0, start) + text.slice(Math.min(end, start + 40));
      else if (kind === "double") text = text.slice(0, end) + text.slice(start);
      else text = text.slice(0, start) + token + text.slice(start);
    }
    return text;
  });
  fc.assert(fc.property(mutated, check), { numRuns: 200 });
});

test("the seed itself is legal", () => {
  expect(parse(SEED_SCRIPT).diagnostics.list).toEqual([]);
});

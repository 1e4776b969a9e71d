/** How many statements a handler may execute, in user space and in the kernel: counted by hand here. */
import { loadNative } from "../../kernel/tracing/native.js";
import { runBoth } from "./both_sides.js";
import { Sides } from "./sides.js";

const sides = new Sides(loadNative());

/** Every statement counts when it is executed, a loop once more for each of its turns, and the first part of a `for`; blocks and empty statements do not. */
const COUNTED: readonly (readonly [statements: number, declarations: string, body: string])[] = [
  [3, "global n", "n = 1; n++; ; { { n += 2 } }"],
  [4, "global n", "if (n == 0) { n = 1; n = 2 } else { n = 3; n = 4; n = 5 }; n = 6"],
  [2, "global n", "if (n) { n = 1; n = 2 } n = 3"],
  // The loop's first part, the loop, five turns, a statement in each.
  [12, "global n", "for (i = 0; i < 5; i++) n++"],
  [7, "", "for (i = 0; i < 5; i++) ;"],
  // Ten turns, in each an `if`, in every second one a statement in it, and the last statement.
  [37, "global n", "for (i = 0; i < 10; i++) { if (i % 2) n = i; n++ }"],
  // Two for the outer loop and three turns of it; two for the inner loop each time, and 0, 1 and 2 turns of two.
  [17, "global n", "for (i = 0; i < 3; i++) for (j = 0; j < i; j++) n++"],
  // `continue` leaves a statement out, `break` the turns that follow.
  [13, "global n", "for (i = 0; i < 9; i++) { if (i == 0) continue; if (i == 2) break; n++ }"],
  // Two statements fill the array; the loop, two turns, a statement in each.
  [7, "global a, n", "a[1] = 1; a[2] = 2; foreach (k in a) n += k"],
  [6, "global a, n", "a[1] = 1; a[2] = 2; foreach (k in a limit 1) { n += k; delete n }"],
  [3, "global a, n", "a[1] = 1; a[2] = 2; foreach (k in a limit 0) n += k"],
  // A statement of the handler, three of the function.
  [5, "function f(n) { if (n) { n++; return n } return 0 }", "x = f(1); x = 2"],
  [4, "function f(n) { if (n) next; return 1 } function f(n) { return 2 }", "x = f(1)"],
  // Five calls of two statements, but for the last, of which the second is another one.
  [11, "function f(n) { if (n == 0) return 0; return f(n - 1) }", "x = f(4)"],
  // The statement of the handler; three times the `if` and the `return`, twice two for the loop, a turn and a statement in it.
  [15, "function f(n) { if (n > 0) for (i = 0; i < 1; i++) f(n - 1); return n }", "x = f(2)"],
  // The `try`, the statement that fails, and two of the handler.
  [4, "global n", "try { n = 1 / n } catch (e) { println(e); n = 2 }"],
  // One below, one from 0, one from 2, one above: four buckets.
  [10, "global s, n", "s <<< 1; foreach (b in @hist_linear(s, 0, 2, 2)) n += b"],
];

test.each(COUNTED)("%i statements: %s %s", (statements, declarations, body) => {
  const run = (maxAction: number) => runBoth(sides, declarations, body, maxAction).failure?.message ?? null;
  expect(run(statements)).toBeNull();
  expect(run(statements - 1)).toBe("MAXACTION exceeded");
});

test("what comes before a loop leaves less for it", () => {
  const body = `${"n++; ".repeat(10)} while (1) { n++; println(n) }`;
  // Ten statements and the loop, then three for each turn.
  const { printed, failure } = runBoth(sides, "global n", body, 10 + 1 + 3 * 4 + 2);
  expect(printed).toBe("11\n12\n13\n14\n");
  expect(failure).toMatchObject({ message: "MAXACTION exceeded" });
});

test("a long handler without any loop stops too, before the first of the statements that are too many", () => {
  const { printed } = runBoth(
    sides,
    "global n",
    `n++; println(n); if (n) { n++ } ${"n++; println(n); ".repeat(20)}`,
    10,
  );
  expect(printed).toBe("1\n");
});

/** What user space records into a statistic that probes use is there for probes too. */
import { loadNative } from "../../kernel/tracing/native.js";
import { TestNotebook, WORKLOAD } from "../session/notebook.js";
import { Sides } from "../backends/sides.js";
import { printedByBoth } from "../backends/both_sides.js";

const native = loadNative();

/** Other test files of this process may have left some. */

const openBefore = native.openHandles();
const sides = new Sides(native);

test("probes see what begin probes have recorded, and begin probes what cells before have", async () => {
  const notebook = new TestNotebook(native);
  // Of 2, 4, 9 the variance is 13; with 1 it is 12.666….
  await notebook.run(
    "global s, a\ns <<< 2; a[1] <<< 7; a[2] <<< -1\nprintln(@variance(s), @median(s), @hist_log(s)[67])",
  );
  const { stdout } = await notebook.run(`%%trace -c '${WORKLOAD} --count 1'
    global done
    probe begin { s <<< 4; s <<< 9; a[2] <<< 5; a[3] <<< 1 }
    probe syscall_any {
      if (pid() == target() && !done++) {
        printdln(" ", @count(s), @sum(s), @min(s), @max(s), @variance(s), @median(s), @hist_log(s)[67], [2] in a)
        foreach (k in a) printf("%d:%d:%d ", k, @count(a[k]), @max(a[k]))
        println()
        s <<< 1; a[3] <<< 3; delete a[1]
        exit()
      }
    }
    probe end { printdln(" ", @count(s), @variance(s), @hist_log(s)[65]); foreach (k in a) printf("%d:%d ", k, @sum(a[k])) }`);
  await notebook.close();
  expect(stdout.split("\n").filter((line) => /^[0-9]/.test(line))).toEqual([
    "3 15 2 9 13 4 1 1",
    "1:1:7 2:2:5 3:1:1 ",
    "4 13 1",
    "2:4 3:4 ",
  ]);
});

test("closures on maps do what they do in memory", () => {
  const script = {
    declarations: "global s, a",
    body: `for (i = -9; i < 40; i++) { s <<< i * i * i; a[i % 3, "k"] <<< i }
      delete a[0, "k"]; a[0, "k"] <<< 5
      println(@variance(s), " ", @percentile(s, 90), " ", @min(a[1, "k"]))
      print(@hist_linear(s, -100, 1000, 100)); foreach ([k, t] in a @sum-) println(k, @hist_log(a[k, t])[66])`,
  };
  expect(sides.onMaps(script)).toEqual(sides.inUserSpace(script));
});

test("a burst of new elements with percentiles finds room", () => {
  const body = `for (i = 0; i < 400; i++) a[i, "x"] <<< i
    foreach ([k, t] in a @max- limit 2) printf("%d %d ", k, @median(a[k, t]))`;
  expect(printedByBoth(sides, "global a", body)).toBe("399 399 398 398 ");
});

afterAll(() => expect(native.openHandles()).toBe(openBefore));

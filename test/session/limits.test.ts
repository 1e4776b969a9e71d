/** What `%limits` sets for a cell holds in user space and in the kernel alike, and for that cell alone. */
import { TestNotebook, traceback, WORKLOAD } from "./notebook.js";

let notebook: TestNotebook;
beforeAll(() => void (notebook = new TestNotebook()));
afterAll(() => notebook.close());

const ONE_CALL = `%%trace -c '${WORKLOAD} syscalls getppid --count 1 > /dev/null'`;

/** What the body prints, and the words of the error that ended it. */
async function run(
  place: "user space" | "kernel",
  limits: string,
  declarations: string,
  body: string,
): Promise<unknown> {
  const head = place === "kernel" ? `${ONE_CALL}\n` : "";
  const point = place === "kernel" ? "probe syscall.getppid { if (pid() == target()) {" : "probe begin { {";
  const cell = await notebook.run(`${head}%limits ${limits}\n${declarations}\n${point} ${body} } }`);
  const error = cell.outcome.status === "error" ? /^ERROR: (.*?) near/.exec(traceback(cell)[0]!)?.[1] : null;
  return { printed: cell.stdout, error };
}

describe.each(["user space", "kernel"] as const)("in %s", (place) => {
  test.each([
    ["MAXSTRINGLEN=16", "", 'x = "0123456789" . "abcdefghij"; println(x)', "0123456789abcde\n", null],
    [
      "MAXMAPENTRIES=3",
      "global a%s",
      "for (i = 0; i < 5; i++) { print(i); a%s[i] = i }",
      "0123",
      "Array overflow, check MAXMAPENTRIES",
    ],
    // Ten times as many, as in SystemTap; each turn is one for the loop and one for what stands in it.
    ["MAXACTION=2", "", "for (i = 0; i < 50; i++) { n = i } println(n)", "", "MAXACTION exceeded"],
    [
      "MAXNESTING=3",
      "function f%s(n) { print(n); return n == 0 ? 0 : f%s(n - 1) }",
      "f%s(2); println(); f%s(3)",
      "210\n321",
      "MAXNESTING exceeded",
    ],
    ["MAXERRORS=5 MAXACTION=2000", "", "for (i = 0; i < 5000; i++) { } println(i)", "5000\n", null],
  ])("%s", async (limits, declarations, body, printed, error) => {
    const named = (text: string): string => text.replaceAll("%s", place === "kernel" ? "_k" : "_u");
    expect(await run(place, limits, named(declarations), named(body))).toEqual({ printed, error });
  });

  test("the next cell has its session's limits again", async () => {
    expect(await run(place, "", "", "for (i = 0; i < 50; i++) { n = i } println(n)")).toEqual(
      // Without a setting %limits lists them.
      { printed: expect.stringMatching(/MAXACTION=1000 [^]*\n49\n$/), error: null },
    );
  });
});

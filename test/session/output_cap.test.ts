/** What is shown of more than one cell may print, with limits small enough to count by hand. */
import { OutputCap } from "../../kernel/session/output_cap.js";

const LIMITS = { bytes: 100, lines: 10, tailLines: 3, tailBytes: 40 };

function capped(pieces: readonly string[], limits = LIMITS): { text: string; cut: { lines: bigint; bytes: bigint } } {
  let text = "";
  const cap = new OutputCap((piece) => (text += piece), "ADVICE", limits);
  for (const piece of pieces) cap.print(piece);
  cap.finish();
  cap.finish();
  return { text: Buffer.from(text, "latin1").toString("utf8"), cut: cap.cut };
}

const lines = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `${first + index}\n`);

test("what fits is shown as it is", () => {
  expect(capped(lines(1, 10))).toEqual({ text: lines(1, 10).join(""), cut: { lines: 0n, bytes: 0n } });
});

test("what the tail can hold is shown, too", () => {
  expect(capped(lines(1, 13))).toEqual({ text: lines(1, 13).join(""), cut: { lines: 0n, bytes: 0n } });
});

test.each([
  ["line by line", lines(1, 50)],
  ["at once", [lines(1, 50).join("")]],
  [
    "in pieces that end anywhere",
    lines(1, 50)
      .join("")
      .match(/[^]{1,7}/g)!,
  ],
])("head, count and tail, printed %s", (_, pieces) => {
  // 11 to 47 are 37 lines of two digits and a line break.
  const text = `${lines(1, 10).join("")}\n… 37 lines (111 bytes) left out; ADVICE …\n48\n49\n50\n`;
  expect(capped(pieces)).toEqual({ text, cut: { lines: 37n, bytes: 111n } });
});

test("few long lines are bounded by bytes", () => {
  const long = (letter: string): string => `${letter.repeat(29)}\n`;
  const { text, cut } = capped(["a", "b", "c", "d", "e", "f"].map(long));
  expect(text).toBe(`${["a", "b", "c"].map(long).join("")}\n… 2 lines (60 bytes) left out; ADVICE …\n${long("f")}`);
  expect(cut).toEqual({ lines: 2n, bytes: 60n });
});

test("an endless line is cut, between characters", () => {
  const { text, cut } = capped([Buffer.from("é".repeat(200), "utf8").toString("latin1")]);
  expect(text).toBe(`\n… 0 lines (360 bytes) left out; ADVICE …\n${"é".repeat(20)}`);
  expect(cut.bytes).toBe(360n);
});

test("nothing is held back longer than the tail needs", () => {
  const shown: number[] = [];
  const cap = new OutputCap((piece) => shown.push(piece.length), "", {
    bytes: 1000,
    lines: 1000,
    tailLines: 5,
    tailBytes: 50,
  });
  for (let line = 0; line < 100_000; line++) cap.print("0123456789\n");
  const before = shown.reduce((sum, length) => sum + length, 0);
  cap.finish();
  expect(before).toBe(990);
  expect(shown.reduce((sum, length) => sum + length, 0) - before).toBeLessThan(150);
  expect(cap.cut.bytes + 990n + 44n).toBe(1_100_000n);
});

import { LinkLines } from "../../kernel/session/link_lines.js";

test("nothing in the first second, then a line every five", () => {
  let now = 0;
  const lines: string[] = [];
  const progress = new LinkLines(
    (line) => lines.push(line),
    () => now,
  );
  for (; now < 12_000; now += 100) progress.tell("attaching", { done: now / 100, total: 1000 });
  progress.tell("attaching", { done: 1000, total: 1000 });
  expect(lines).toEqual([
    "attaching 10 of 1000 probes\n",
    "attaching 60 of 1000 probes\n",
    "attaching 110 of 1000 probes\n",
  ]);
});

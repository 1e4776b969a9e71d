import { mostSimilar } from "../../../kernel/compiler/check/similar.js";

test.each([
  ["pdi", ["pid", "tid", "uid"], "pid"],
  ["prinln", ["println", "print", "printf"], "println"],
  ["sene", ["seen", "send"], "seen"],
  ["MAXACTON", ["MAXACTION", "MAXERRORS"], "MAXACTION"],
  ["excename", ["execname", "exit"], "execname"],
  // Too far, or too short to have anything in common.
  ["foo", ["f", "fo_bar", "x"], null],
  ["ab", ["x", "cd"], null],
  ["reads", ["writes"], null],
  // What is written is no suggestion.
  ["pid", ["pid"], null],
])("%s among %j", (written, known, meant) => {
  expect(mostSimilar(written, known)).toBe(meant);
});

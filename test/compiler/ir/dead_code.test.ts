import { removeDeadCode } from "../../../kernel/compiler/ir/dead_code.js";
import type { Instruction, IrFunction } from "../../../kernel/compiler/ir/instructions.js";

function code(name: string, ...instructions: Instruction[]): IrFunction {
  return { name, kind: name === "handle" ? "main" : "loop", instructions, registers: 9 };
}

const set = (to: number): Instruction => ({ op: "set", to, value: 1n });
const label = (name: string): Instruction => ({ op: "label", label: name });
const jump = (to: string): Instruction => ({ op: "jump", label: to });
const branch = (to: string): Instruction => ({ op: "branch", condition: "eq", left: 0, right: 0n, label: to });
const end: Instruction = { op: "return", value: 0n };
const callback = (of: number): Instruction => ({ op: "callback", to: 5, function: of });

test("behind a jump or a return everything goes, up to a label that something jumps to", () => {
  const [main] = removeDeadCode([
    code(
      "handle",
      branch("b"),
      jump("a"),
      set(1),
      label("unused"),
      set(2),
      label("a"),
      set(3),
      end,
      set(4),
      label("b"),
      end,
    ),
  ]);
  expect(main?.instructions).toEqual([branch("b"), jump("a"), label("a"), set(3), end, label("b"), end]);
});

test("a label that only dead code jumps to is dead", () => {
  const [main] = removeDeadCode([code("handle", end, jump("a"), label("a"), set(1), end)]);
  expect(main?.instructions).toEqual([end]);
});

test("callbacks that no live code passes on go, and the others get new numbers", () => {
  const kept = removeDeadCode([
    code("handle", callback(3), end, callback(1)),
    code("never", callback(2), end),
    code("never either", end),
    code("outer", callback(4), end),
    code("inner", end),
  ]);
  expect(kept.map(({ name }) => name)).toEqual(["handle", "outer", "inner"]);
  expect(kept[0]?.instructions).toEqual([callback(1), end]);
  expect(kept[1]?.instructions).toEqual([callback(2), end]);
});

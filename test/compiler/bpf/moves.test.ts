import fc from "fast-check";
import { orderMoves } from "../../../kernel/compiler/bpf/moves.js";

const SPARE = 0;

/** Targets differ from each other, as arguments of a call do; sources may repeat. */
const moves = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { selector: ([to]) => to })
  .map((pairs) => pairs.map(([to, from]) => ({ to, from })));

test("one after the other does what all at once would do", () => {
  fc.assert(
    fc.property(moves, (wanted) => {
      const registers = Array.from({ length: 10 }, (_, number) => `old ${number}`);
      for (const { to, from } of orderMoves(wanted, SPARE)) registers[to] = registers[from] as string;
      const expected = Array.from(
        { length: 10 },
        (_, number) => `old ${wanted.find(({ to }) => to === number)?.from ?? number}`,
      );
      expect(registers.slice(1)).toEqual(expected.slice(1));
    }),
    { numRuns: 2000 },
  );
});

test("what stays where it is takes no move, and only a cycle takes the spare register", () => {
  expect(orderMoves([{ to: 3, from: 3 }], SPARE)).toEqual([]);
  expect(
    orderMoves(
      [
        { to: 1, from: 2 },
        { to: 2, from: 3 },
      ],
      SPARE,
    ),
  ).toEqual([
    { to: 1, from: 2 },
    { to: 2, from: 3 },
  ]);
  expect(
    orderMoves(
      [
        { to: 1, from: 2 },
        { to: 2, from: 1 },
      ],
      SPARE,
    ),
  ).toHaveLength(3);
});

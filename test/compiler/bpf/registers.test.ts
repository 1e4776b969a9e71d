import fc from "fast-check";
import { allocateRegisters, type Place } from "../../../kernel/compiler/bpf/registers.js";
import type { Instruction, IrFunction } from "../../../kernel/compiler/ir/instructions.js";

/** Straight code that defines, uses and calls; registers are used after they are defined, maybe much later, maybe never. */
const codes: fc.Arbitrary<IrFunction> = fc
  .array(fc.tuple(fc.nat(9), fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 120 })
  .map((steps) => {
    const instructions: Instruction[] = [];
    let registers = 0;
    for (const [kind, ...choices] of steps) {
      const [first = 0, second = 0, third = 0] = choices.map((choice) => choice % Math.max(1, registers));
      const to = registers++;
      if (to === 0 || kind < 3) instructions.push({ op: "set", to, value: 7n });
      else if (kind < 6) instructions.push({ op: "alu", operator: "add", left: first, right: second, to });
      else if (kind < 8) instructions.push({ op: "call", helper: 5, arguments: [first, second, third], to });
      else instructions.push({ op: "compareExchange", to, base: first, offset: 0, expected: second, value: third });
    }
    return { name: "f", kind: "main", instructions, registers };
  });

const text = (place: Place | undefined): string =>
  place === undefined ? "nowhere" : place.kind === "register" ? `r${place.number}` : `stack${place.offset}`;

/** Runs the code twice at once: with a value a virtual register, and with a value a place that calls may destroy. */
function firstDifference(code: IrFunction): string | null {
  const { places } = allocateRegisters(code, 16);
  const held = new Map<string, number>();
  for (const [index, instruction] of code.instructions.entries()) {
    const read =
      instruction.op === "alu"
        ? [instruction.left, instruction.right]
        : instruction.op === "call"
          ? instruction.arguments
          : instruction.op === "compareExchange"
            ? [instruction.base, instruction.expected, instruction.value]
            : [];
    for (const register of read) {
      if (typeof register === "number" && held.get(text(places[register])) !== register)
        return `${index}: register ${register} is not in ${text(places[register])} any more`;
    }
    if (instruction.op === "call") for (const number of [0, 1, 2, 3, 4, 5]) held.delete(`r${number}`);
    if ("to" in instruction && instruction.to !== null) held.set(text(places[instruction.to]), instruction.to);
  }
  return null;
}

test("no register loses its value to another or to a call", () => {
  fc.assert(
    fc.property(codes, (code) => expect(firstDifference(code)).toBeNull()),
    { numRuns: 1000 },
  );
});

test("places are those that the assembler leaves: r2 to r8, and words of the stack below the reserved bytes", () => {
  fc.assert(
    fc.property(codes, (code) => {
      const { places, stackSize } = allocateRegisters(code, 16);
      for (const place of places.filter((place) => place !== undefined)) {
        if (place.kind === "register") expect([2, 3, 4, 5, 6, 7, 8]).toContain(place.number);
        else {
          expect(Number.isInteger(place.offset / 8)).toBe(true);
          expect(place.offset).toBeLessThanOrEqual(-24);
          expect(place.offset).toBeGreaterThanOrEqual(-stackSize);
        }
      }
    }),
    { numRuns: 300 },
  );
});

import fc from "fast-check";
import { ScratchSpace } from "../../../kernel/compiler/ir/scratch_space.js";

test("blocks in use never overlap, and lie on whole words behind the start", () => {
  const steps = fc.array(fc.oneof(fc.record({ take: fc.nat(600) }), fc.record({ release: fc.nat() })), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(steps, (sequence) => {
      const space = new ScratchSpace(56);
      const used: { offset: number; size: number; wanted: number }[] = [];
      for (const step of sequence) {
        if ("take" in step) used.push({ ...space.take(step.take), wanted: step.take });
        else if (used.length > 0) space.release(used.splice(step.release % used.length, 1)[0]!);
        const inOrder = used.filter(({ size }) => size > 0).toSorted((left, right) => left.offset - right.offset);
        inOrder.forEach(({ offset, size, wanted }, index) => {
          expect(offset % 8).toBe(0);
          expect(size).toBeGreaterThanOrEqual(wanted);
          expect(offset).toBeGreaterThanOrEqual(56);
          expect(offset + size).toBeLessThanOrEqual(inOrder[index + 1]?.offset ?? space.size);
        });
      }
    }),
  );
});

test("what is given back is joined with its neighbours and used again, whatever the size", () => {
  const space = new ScratchSpace(0);
  const blocks = [space.take(8), space.take(512), space.take(24)];
  for (const index of [0, 2, 1]) space.release(blocks[index]!);
  expect(space.take(544)).toEqual({ offset: 0, size: 544 });
  expect(space.size).toBe(544);
});

test("what asks for unused memory gets none that was given back", () => {
  const space = new ScratchSpace(0);
  space.release(space.take(512));
  expect(space.takeUnused(30)).toEqual({ offset: 512, size: 32 });
  expect(space.take(512).offset).toBe(0);
});

import { flameDifferenceSpec } from "../../kernel/render/flame_difference.js";
import { plainResult, renderResult } from "../../kernel/render/index.js";
import { flameDifference } from "../../kernel/tracing/flame_difference.js";
import type { FlameNode } from "../../kernel/tracing/result.js";
import { FLAME_AFTER, FLAME_BEFORE } from "./results.js";

const RESULT = flameDifference("stacks", FLAME_BEFORE, FLAME_AFTER);

interface Drawn {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly fill: string;
  readonly facts: Readonly<Record<string, string>>;
}

function boxes(result = RESULT): Map<string, Drawn> {
  const [data] = flameDifferenceSpec(result).data as unknown as [{ values: Drawn[] }];
  return new Map(data.values.map((box) => [box.name, box]));
}

test("what is in either tree has room, and the whole has room for both", () => {
  const drawn = boxes();
  const width = (name: string): number => drawn.get(name)!.end - drawn.get(name)!.start;
  // By hand: gone 4 → 0, grown 2 → 6, same 4 → 4, and new 0 → 5.
  expect(["gone", "grown", "same", "new"].map(width)).toEqual([4, 6, 4, 5]);
  expect(width("all")).toBe(4 + 6 + 4 + 5);
  expect(drawn.get("grown")!.facts).toEqual({
    before: "2 (20.0 %)",
    after: "6 (40.0 %)",
    change: "+4 (+200.0 %)",
  });
  expect(drawn.get("new")!.facts["change"]).toBe("+5 (new)");
});

test("more red than blue is what grew, the reverse what shrank, neither what stayed", () => {
  const leaning = (name: string): number => {
    const [red = 0, , blue = 0] = boxes().get(name)!.fill.match(/\d+/g)!.map(Number);
    return Math.sign(red - blue);
  };
  expect(["gone", "grown", "same", "new"].map(leaning)).toEqual([-1, 1, 0, 1]);
});

test("the text is folded stacks with both numbers, the largest change first", () => {
  expect(plainResult(RESULT)).toBe("stacks\nmain;new 0 5\nmain;grown 2 6\nmain;gone 4 0");
  expect(plainResult(flameDifference("stacks", FLAME_AFTER, FLAME_AFTER))).toBe("stacks\n(nothing has changed)");
});

test("wholes of different size are made equal where that is asked for", () => {
  const whole = (value: bigint): FlameNode => ({
    name: "all",
    space: "key",
    value,
    children: [{ name: "f", space: "kernel", value, children: [] }],
  });
  const scaled = flameDifference("stacks", whole(10n), whole(30n), { scaled: true });
  expect(scaled.root).toMatchObject({ before: 30n, after: 30n });
  expect(JSON.stringify(flameDifferenceSpec(scaled).title)).toContain("multiplied by 3)");
  expect(boxes(scaled).get("f")!.facts["change"]).toBe("none");
});

test("the bundle has chart, picture and text", async () => {
  const { data } = await renderResult(RESULT);
  expect(Object.keys(data).toSorted()).toEqual(["application/vnd.vega.v5+json", "image/svg+xml", "text/plain"]);
  expect(String(data["image/svg+xml"])).toContain(">grown</text>");
});

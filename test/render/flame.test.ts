import * as vega from "vega";
import { flameSpec } from "../../kernel/render/flame.js";
import { plainResult, renderResult } from "../../kernel/render/index.js";
import { FLAME } from "./results.js";

const VEGA = "application/vnd.vega.v5+json";

interface BoxItem {
  readonly datum: { readonly name: string };
  readonly width: number;
  readonly y: number;
  readonly fill: string;
}

interface SceneNode {
  readonly name?: string;
  readonly items?: readonly unknown[];
}

function boxesIn(node: SceneNode): readonly BoxItem[] {
  if (node.name === "box") return node.items as readonly BoxItem[];
  return (node.items ?? []).flatMap((inner) => boxesIn(inner as SceneNode));
}

/** The boxes as Vega draws them, with signals set as a reader's clicks and words would set them. */
async function boxes(signals: Readonly<Record<string, unknown>> = {}): Promise<Map<string, BoxItem>> {
  const view = new vega.View(vega.parse(structuredClone(flameSpec(FLAME))), { renderer: "none" });
  for (const [name, value] of Object.entries(signals)) view.signal(name, value);
  await view.runAsync();
  const { root } = view.scenegraph() as unknown as { root: SceneNode };
  const drawn = new Map(boxesIn(root).map((box) => [box.datum.name, box]));
  view.finalize();
  return drawn;
}

test("a box is as wide as what goes through it, and stands on its caller", async () => {
  const drawn = await boxes();
  const width = (name: string): number => drawn.get(name)!.width;
  expect([...drawn.keys()]).toEqual(["all", "main", "f<int>", "do_syscall_64"]);
  expect(width("main")).toBe(width("all"));
  expect(width("f<int>") / width("all")).toBeCloseTo(0.7);
  expect(width("do_syscall_64") / width("all")).toBeCloseTo(0.3);
  const rows = [...drawn.values()].map(({ y }) => y);
  expect(rows).toEqual(rows.toSorted((left, right) => right - left));
  expect(new Set(rows).size).toBe(4);
});

test("a click makes a box the whole; a word marks the boxes that have it", async () => {
  const plain = await boxes();
  const zoomed = await boxes({ focus: { start: 0, end: 7 } });
  expect(zoomed.get("f<int>")!.width).toBeCloseTo(plain.get("all")!.width);
  const marked = await boxes({ search: "SYSCALL" });
  expect(marked.get("do_syscall_64")!.fill).not.toBe(plain.get("do_syscall_64")!.fill);
  expect(marked.get("main")!.fill).toBe(plain.get("main")!.fill);
});

test("the text is folded stacks, each with what ends there", () => {
  expect(plainResult(FLAME)).toBe("stacks\nmain;f<int> 4\nmain 3\nmain;f<int>;do_syscall_64 3");
});

test("the bundle has chart, picture and text, and fetches nothing", async () => {
  const { data } = await renderResult(FLAME);
  expect(Object.keys(data).toSorted()).toEqual([VEGA, "image/svg+xml", "text/plain"]);
  expect(JSON.stringify(data[VEGA])).not.toMatch(/"url"/);
  expect(String(data["image/svg+xml"])).toContain(">f&lt;int&gt;</text>");
  const live = await renderResult(FLAME, { live: true });
  expect(Object.keys(live.data).toSorted()).toEqual([VEGA, "image/png", "text/plain"]);
});

test("nothing counted is an empty graph, not an error", async () => {
  const root = { name: "all", space: "key", value: 0n, children: [] } as const;
  expect(Object.keys((await renderResult({ ...FLAME, root })).data)).toContain(VEGA);
});

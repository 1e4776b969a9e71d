import { type ParentProbe, watchParent } from "../../kernel/protocol/process-events.js";

const interval = 5;
const someIntervals = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 10 * interval));

/** Watches, changes the world after a while, and tells how often the kernel was told, before and in all. */
async function orphaned(
  before: Partial<ParentProbe>,
  after: Partial<ParentProbe>,
): Promise<{ before: number; after: number }> {
  const probe = { parentId: () => 100, isAlive: () => true, announcedId: undefined, ...before };
  let told = 0;
  const stop = watchParent(() => told++, probe, interval);
  await someIntervals();
  const toldBefore = told;
  Object.assign(probe, after);
  await someIntervals();
  stop();
  return { before: toldBefore, after: told };
}

test.each<[string, Partial<ParentProbe>, Partial<ParentProbe>, number]>([
  ["the parent dies: reparented to init", {}, { parentId: () => 1 }, 1],
  ["the parent dies: reparented to a subreaper", {}, { parentId: () => 50 }, 1],
  ["the parent lives on", {}, {}, 0],
  ["started by init", { parentId: () => 1 }, {}, 0],
  ["the server behind a wrapper dies", { announcedId: "70" }, { isAlive: (id) => id !== 70 }, 1],
  ["only the wrapper dies", { announcedId: "70" }, { parentId: () => 1 }, 0],
  ["the announced server is in another namespace", { announcedId: "70", isAlive: () => false }, {}, 0],
  ["… and the parent dies", { announcedId: "70", isAlive: () => false }, { parentId: () => 1 }, 1],
  ["the announced server is the parent, and dies", { announcedId: "100" }, { parentId: () => 1 }, 1],
  ["nonsense is announced", { announcedId: "me" }, {}, 0],
])("%s", async (_case, before, after, times) => {
  expect(await orphaned(before, after)).toEqual({ before: 0, after: times });
});

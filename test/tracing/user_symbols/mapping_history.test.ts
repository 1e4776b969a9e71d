/** Records as `linux/perf_event.h` lays them out, put together by hand. */
import { MappingHistory } from "../../../kernel/tracing/user_symbols/mapping_history.js";

function record(
  type: number,
  misc: number,
  words: readonly (number | bigint)[],
  text: string,
  time: number,
): Uint8Array {
  const padded = text === "" ? 0 : Math.ceil((text.length + 1) / 8) * 8;
  const size = 8 + words.reduce<number>((sum, word) => sum + (typeof word === "bigint" ? 8 : 4), 0) + padded + 8;
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt16LE(misc, 4);
  bytes.writeUInt16LE(size, 6);
  let place = 8;
  for (const word of words) {
    if (typeof word === "bigint") place = bytes.writeBigUInt64LE(word, place);
    else place = bytes.writeUInt32LE(word, place);
  }
  bytes.write(text, place, "utf8");
  bytes.writeBigUInt64LE(BigInt(time), size - 8);
  return bytes;
}

const mapped = (pid: number, start: bigint, path: string, time: number): Uint8Array =>
  record(10, 0, [pid, pid, start, 0x2000n, 0x1000n, 0xfe, 1, 77n, 0n, 5, 2], path, time);
const executed = (pid: number, time: number): Uint8Array => record(3, 1 << 13, [pid, pid], "program", time);
const renamed = (pid: number, time: number): Uint8Array => record(3, 0, [pid, pid], "other", time);
const forked = (pid: number, parent: number, time: number): Uint8Array =>
  record(7, 0, [pid, parent, pid, parent, 0n], "", time);

function paths(history: MappingHistory, pid: number): readonly string[] | undefined {
  return history.takeNew(pid)?.map(({ path }) => path);
}

test("a mapping", () => {
  const history = new MappingHistory();
  history.add(mapped(7, 0x5000n, "/usr/lib/a.so (deleted)", 1));
  expect(history.takeNew(7)).toEqual([
    {
      start: 0x5000n,
      end: 0x7000n,
      executable: true,
      offset: 0x1000n,
      device: "fe:01",
      inode: 77n,
      path: "/usr/lib/a.so",
      isDeleted: true,
    },
  ]);
});

test("by time, whichever processor's records come first: another program has nothing of the one before", () => {
  const history = new MappingHistory();
  const records = [mapped(7, 0x9000n, "/new", 4), renamed(7, 5), mapped(7, 0x1000n, "/old", 1), executed(7, 3)];
  history.add(Buffer.concat(records));
  expect(paths(history, 7)).toEqual(["/new"]);
  expect(history.takeNew(7)).toBeNull();
});

test("a fork has what its parent had then; a thread changes nothing", () => {
  const history = new MappingHistory();
  history.add(
    Buffer.concat([mapped(7, 0x1000n, "/early", 1), forked(8, 7, 2), forked(7, 7, 3), mapped(7, 0x9000n, "/late", 4)]),
  );
  expect(paths(history, 8)).toEqual(["/early"]);
  expect(paths(history, 7)).toEqual(["/early", "/late"]);
});

test("what is mapped over another replaces it", () => {
  const history = new MappingHistory();
  history.add(Buffer.concat([mapped(7, 0x1000n, "/under", 1), mapped(7, 0x2000n, "/over", 2)]));
  expect(paths(history, 7)).toEqual(["/over"]);
});

test("who came from a process that was there before has what that one has, until it executes a program", () => {
  const history = new MappingHistory();
  history.add(Buffer.concat([mapped(7, 0x9000n, "/loaded", 1), forked(8, 7, 2), forked(9, 8, 3)]));
  expect([history.parentOf(7), history.parentOf(8), history.parentOf(9)]).toEqual([null, 7, 7]);
  expect(paths(history, 9)).toEqual(["/loaded"]);
  history.add(Buffer.concat([executed(9, 4), mapped(9, 0x1000n, "/program", 5), forked(10, 9, 6)]));
  expect([history.parentOf(9), history.parentOf(10)]).toEqual([null, null]);
  expect(paths(history, 10)).toEqual(["/program"]);
});

test("what the kernel could not keep is counted", () => {
  const history = new MappingHistory();
  const lost = (count: number): Uint8Array => record(2, 0, [5n, BigInt(count)], "", 0);
  history.add(Buffer.concat([lost(3), mapped(7, 0x1000n, "/kept", 1), lost(40)]));
  expect(history.lost).toBe(43);
  expect(paths(history, 7)).toEqual(["/kept"]);
});

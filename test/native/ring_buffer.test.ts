import { loadNative, type NativeMap, type NativeProgram, type NativeRingBuffer } from "../../kernel/tracing/native.js";
import { counters, sendingProgram } from "./programs.js";

const native = loadNative();
const noWakeup = 1;

interface Sender {
  readonly ring: NativeMap;
  readonly counters: NativeMap;
  readonly program: NativeProgram;
  send(records: number): void;
}

function sender(ringSize: number, flags = 0): Sender {
  const ring = native.createMap({ name: "ring", type: "ringbuf", keySize: 0, valueSize: 0, maxEntries: ringSize });
  const map = counters(native, 2);
  const program = sendingProgram(native, map, ring, flags);
  return {
    ring,
    counters: map,
    program,
    send: (records) => void program.testRun({ data: new Uint8Array(64), repeat: records }),
  };
}

function close(sender: Sender, buffer: NativeRingBuffer): void {
  buffer.close();
  sender.program.close();
  sender.counters.close();
  sender.ring.close();
}

/** The numbers in a batch: a length, padding, and 8 bytes of data each. */
function numbersIn(batch: Uint8Array): number[] {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  const numbers: number[] = [];
  const headers = new Set<string>();
  for (let offset = 0; offset < batch.length; offset += 16) {
    headers.add(`${view.getUint32(offset, true)} ${view.getUint32(offset + 4, true)}`);
    numbers.push(Number(view.getBigUint64(offset + 8, true)));
  }
  expect([...headers]).toEqual(["8 0"]);
  return numbers;
}

const sequence = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !condition(); attempt++)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

test("records arrive by themselves, all and in order", async () => {
  const source = sender(1 << 20);
  const received: number[] = [];
  const buffer = native.openRingBuffer(source.ring, (batch) => received.push(...numbersIn(batch)));
  for (let round = 0; round < 5; round++) {
    source.send(2000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await until(() => received.length >= 10_000);
  expect(received).toEqual(sequence(10_000));
  expect(source.counters.readWord(8)).toBe(0n);
  close(source, buffer);
});

test("records that wake nobody arrive a moment later", async () => {
  const source = sender(1 << 16, noWakeup);
  const received: number[] = [];
  const buffer = native.openRingBuffer(source.ring, (batch) => received.push(...numbersIn(batch)));
  source.send(3);
  await until(() => received.length >= 3);
  expect(received).toEqual([0, 1, 2]);
  close(source, buffer);
});

test("drain hands over at once what is in the buffer", () => {
  const source = sender(1 << 20, noWakeup);
  const received: number[] = [];
  const buffer = native.openRingBuffer(source.ring, (batch) => received.push(...numbersIn(batch)));
  source.send(10_000);
  buffer.drain();
  expect(received).toEqual(sequence(10_000));
  buffer.drain();
  expect(received).toHaveLength(10_000);
  close(source, buffer);
});

test("a full ring is counted by the program, and what was accepted arrives in order", async () => {
  const size = 1 << 20;
  const source = sender(size);
  const batches: Uint8Array[] = [];
  const buffer = native.openRingBuffer(source.ring, (batch) => batches.push(batch));
  const sent = 1_000_000;
  // JavaScript is busy in here; a record takes 16 bytes, in the ring and outside.
  source.send(sent);
  const lost = Number(source.counters.readWord(8));
  buffer.drain();
  const received = batches.flatMap(numbersIn);
  expect(received.length).toBe(sent - lost);
  expect(received.every((number, index) => index === 0 || number > (received[index - 1] as number))).toBe(true);
  const mostOutside = 1 << 20;
  expect(received.length * 16).toBeLessThanOrEqual(mostOutside + size);
  expect(received.length * 16).toBeGreaterThanOrEqual(mostOutside);

  // There is room again.
  batches.length = 0;
  source.send(100);
  await until(() => batches.length > 0);
  buffer.drain();
  expect(batches.flatMap(numbersIn)).toEqual(Array.from({ length: 100 }, (_, index) => sent + index));
  close(source, buffer);
});

test("no callback after close, though records wait", async () => {
  const source = sender(1 << 16);
  let calls = 0;
  const buffer = native.openRingBuffer(source.ring, () => calls++);
  source.send(1000);
  // The ring's thread gets the time to announce what JavaScript then never takes.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  buffer.close();
  buffer.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(calls).toBe(0);
  expect(() => buffer.drain()).toThrow('cannot drain ring buffer "ring", which is closed: EBADF');
  source.program.close();
  source.counters.close();
  source.ring.close();
});

test("closing while the thread waits for room does not hang, and leaves nothing", () => {
  const before = native.openHandles();
  const source = sender(1 << 20);
  const buffer = native.openRingBuffer(source.ring, () => undefined);
  source.send(1_000_000);
  close(source, buffer);
  expect(native.openHandles()).toBe(before);
});

test("a callback may close its own buffer and the map", () => {
  const source = sender(1 << 16, noWakeup);
  let calls = 0;
  const buffer = native.openRingBuffer(source.ring, () => {
    calls++;
    source.ring.close();
    buffer.close();
  });
  source.send(10);
  buffer.drain();
  expect(calls).toBe(1);
  source.program.close();
  source.counters.close();
});

test("out of drain comes what the callback throws, once all is handed over", () => {
  const source = sender(8 << 20, noWakeup);
  let records = 0;
  const buffer = native.openRingBuffer(source.ring, (batch) => {
    records += batch.length / 16;
    throw new Error("the callback is broken");
  });
  // More than one batch.
  source.send(400_000);
  expect(() => buffer.drain()).toThrow("the callback is broken");
  expect(records).toBe(400_000);
  close(source, buffer);
});

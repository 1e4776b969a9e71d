import type { Native, NativeMap, NativeProgram, NativeProgramType } from "../../kernel/tracing/native.js";
import {
  assemble,
  atomicAdd,
  call,
  exit,
  fetchAdd,
  Helper,
  load,
  loadMap,
  move,
  R,
  set,
  shiftRight,
  skipIf,
  skipUnless,
  store,
} from "./instructions.js";

export function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

export function u64(...values: readonly bigint[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values).buffer);
}

export function words(bytes: Uint8Array): bigint[] {
  return [...new BigUint64Array(bytes.slice().buffer)];
}

/** An array of 64-bit words that programs and tests share. */
export function counters(native: Native, count: number): NativeMap {
  return native.createMap({
    name: "counters",
    type: "array",
    keySize: 4,
    valueSize: 8 * count,
    maxEntries: 1,
    mmapable: true,
  });
}

/** Where `struct pt_regs` has a function's first argument and what it returns. */
export const registers = process.arch === "arm64" ? { argument: 0, result: 0 } : { argument: 112, result: 80 };

/** What a run counts as: the link's cookie, or a word of the program's context. */
type Amount = "cookie" | { readonly contextOffset: number };

/** Puts a run's amount into register 2; register 6 has the context. */
function amountOf(amount: Amount | undefined): Uint8Array {
  if (amount === undefined) return set(R.two, 1);
  if (amount === "cookie") return assemble(move(R.one, R.six), call(Helper.attachCookie), move(R.two, R.zero));
  return load(R.two, R.six, amount.contextOffset);
}

/** A program that adds up, in the first counter, its runs in one process; where given, of one system call only. */
export function countingProgram(
  native: Native,
  options: {
    readonly type: NativeProgramType;
    readonly attachTo?: string;
    readonly attachModule?: string;
    readonly amount?: Amount;
    readonly counters: NativeMap;
    readonly pid: number;
    readonly systemCall?: number;
  },
): NativeProgram {
  const amount = amountOf(options.amount);
  // The map's address takes two slots, the addition one.
  const slots = amount.length / 8 + 3;
  const filter =
    options.systemCall === undefined
      ? assemble()
      : assemble(load(R.seven, R.six, 8), skipUnless(R.seven, options.systemCall, slots + 3));
  const beforeCounting = assemble(move(R.six, R.one), filter);
  const untilMap = assemble(
    beforeCounting,
    call(Helper.currentPidTgid),
    shiftRight(R.zero, 32),
    skipUnless(R.zero, options.pid, slots),
    amount,
  );
  return native.loadProgram({
    name: "counting",
    type: options.type,
    ...(options.attachTo === undefined ? {} : { attachTo: options.attachTo }),
    ...(options.attachModule === undefined ? {} : { attachModule: options.attachModule }),
    instructions: assemble(untilMap, loadMap(R.one), atomicAdd(R.one, 0, R.two), set(R.zero, 0), exit()),
    relocations: [{ instruction: untilMap.length / 8, map: options.counters, kind: "value" }],
  });
}

/** A socket filter that sends its run number, from the first counter, to the ring and counts in the second what fails. */
export function sendingProgram(native: Native, counters: NativeMap, ring: NativeMap, flags = 0): NativeProgram {
  const numbering = assemble(loadMap(R.six), set(R.seven, 1), fetchAdd(R.six, 0, R.seven), store(R.frame, -8, R.seven));
  return native.loadProgram({
    name: "sending",
    type: "socket_filter",
    instructions: assemble(
      numbering,
      loadMap(R.one),
      move(R.two, R.frame),
      // r2 -= 8
      Uint8Array.of(0x07, R.two, 0, 0, 0xf8, 0xff, 0xff, 0xff),
      set(R.three, 8),
      set(R.four, flags),
      call(Helper.ringbufOutput),
      skipIf(R.zero, 0, 2),
      set(R.seven, 1),
      atomicAdd(R.six, 8, R.seven),
      set(R.zero, 0),
      exit(),
    ),
    relocations: [
      { instruction: 0, map: counters, kind: "value" },
      { instruction: numbering.length / 8, map: ring, kind: "map" },
    ],
  });
}

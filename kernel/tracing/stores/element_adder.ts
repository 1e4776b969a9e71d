/**
 * Adds to a number in a hash map without losing what programs add meanwhile: user space has no such call, so a program of
 * a dozen instructions does it, run on demand.
 */
import {
  aluImmediate,
  atomic,
  branchImmediate,
  callHelper,
  encode,
  exit,
  load,
  loadWide,
  move,
  moveImmediate,
  PSEUDO,
  storeRegister,
} from "../../compiler/bpf/encode.js";
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { Native, NativeMap, NativeProgram } from "../native.js";

/** Words of the mailbox, through which numbers and the key go in and the value before comes out. */
const DELTA = 0;
const BEFORE = 8;
const KEY = 16;

/** What the program returns. */
const ADDED = 1;

export class ElementAdder {
  private readonly mailbox: NativeMap;
  private readonly program: NativeProgram;

  /** `valueOffset`: where in an element the number lies. Throws EngineError where the kernel refuses. */
  constructor(
    native: Native,
    map: NativeMap,
    private readonly keySize: number,
    valueOffset: number,
  ) {
    this.mailbox = native.createMap({
      name: "tap_mailbox",
      type: "array",
      keySize: 4,
      valueSize: KEY + keySize,
      maxEntries: 1,
      mmapable: true,
    });
    try {
      this.program = loadAdder(native, map, this.mailbox, valueOffset);
    } catch (error) {
      this.mailbox.close();
      throw error;
    }
  }

  /** The value before; null where there is no such element. */
  add(key: Uint8Array, delta: bigint): bigint | null {
    this.mailbox.writeWord(DELTA, delta);
    const view = new DataView(key.buffer, key.byteOffset, this.keySize);
    for (let at = 0; at < this.keySize; at += 8) this.mailbox.writeWord(KEY + at, view.getBigInt64(at, true));
    return this.program.testRun({}).returnValue === ADDED ? this.mailbox.readWord(BEFORE) : null;
  }

  close(): void {
    this.program.close();
    this.mailbox.close();
  }
}

function loadAdder(native: Native, map: NativeMap, mailbox: NativeMap, valueOffset: number): NativeProgram {
  const missing = 5;
  const instructions = [
    ...loadWide(6, PSEUDO.mapValue, 0, 0),
    ...loadWide(1, PSEUDO.mapDescriptor, 0, 0),
    move(2, 6),
    aluImmediate("add", 2, KEY),
    callHelper(HELPER.map_lookup_elem),
    branchImmediate("eq", 0, 0, missing),
    load(8, 1, 6, DELTA),
    atomic("add", 0, valueOffset, 1, true),
    storeRegister(8, 6, BEFORE, 1),
    moveImmediate(0, ADDED),
    exit(),
    moveImmediate(0, 0),
    exit(),
  ];
  return native.loadProgram({
    name: "tap_add",
    type: "raw_tracepoint",
    instructions: encode(instructions),
    relocations: [
      { instruction: 0, map: mailbox, kind: "value" },
      { instruction: 2, map, kind: "map" },
    ],
  });
}

/**
 * Records into a statistic in a map from user space. Programs own the CPUs' shares, and no call of user space adds to them: so
 * a program does it as well, run on demand.
 */
import type { GlobalVariable } from "../../compiler/check/program.js";
import type { GlobalLayout } from "../../compiler/compiled.js";
import { buildRecorder, RECORDED, type RecorderProgram } from "../../compiler/ir/statistics/recorder.js";
import { keySize } from "../../compiler/layout.js";
import type { Native, NativeMap, NativeProgram } from "../native.js";

export class StatisticRecorder {
  private readonly built: RecorderProgram;
  private readonly mailbox: NativeMap;
  private readonly program: NativeProgram;

  /** Throws EngineError where the kernel refuses. */
  constructor(
    native: Native,
    global: GlobalVariable,
    private readonly layout: GlobalLayout,
    map: NativeMap,
  ) {
    this.built = buildRecorder(global, layout);
    this.mailbox = native.createMap({
      name: "tap_mailbox",
      type: "array",
      keySize: 4,
      valueSize: this.built.mailboxSize,
      maxEntries: 1,
      mmapable: true,
    });
    try {
      this.program = native.loadProgram({
        name: "tap_record",
        type: "raw_tracepoint",
        instructions: this.built.instructions,
        relocations: this.built.relocations.map((relocation) => ({
          ...relocation,
          map: relocation.map === "mailbox" ? this.mailbox : map,
        })),
      });
    } catch (error) {
      this.mailbox.close();
      throw error;
    }
  }

  /** Returns false where there is no such element. */
  record(key: Uint8Array, value: bigint): boolean {
    const { built, mailbox } = this;
    if (this.layout.keys.length > 0) {
      const view = new DataView(key.buffer, key.byteOffset, keySize(this.layout));
      for (let at = 0; at < view.byteLength; at += 8) mailbox.writeWord(built.key + at, view.getBigInt64(at, true));
    }
    mailbox.writeWord(built.value, value);
    return this.program.testRun({}).returnValue === RECORDED;
  }

  close(): void {
    this.program.close();
    this.mailbox.close();
  }
}

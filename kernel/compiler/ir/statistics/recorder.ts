/** A program that records into a statistic on demand: what user space records goes the way of what probes record. */
import { assembleProgram } from "../../bpf/assemble.js";
import type { GlobalVariable } from "../../check/program.js";
import type { GlobalLayout, Relocation } from "../../compiled.js";
import { keySize } from "../../layout.js";
import { DEFAULT_LIMITS } from "../../limits.js";
import { Emitter } from "../emitter.js";
import type { IrFunction } from "../instructions.js";
import { removeDeadCode } from "../dead_code.js";
import { find, mapName } from "../maps.js";
import { recordInto } from "./statistics.js";
import { ScriptTables } from "../tables.js";

export interface RecorderProgram {
  readonly instructions: Uint8Array;
  /** `mailbox`, or the statistic's own map. */
  readonly relocations: readonly (Omit<Relocation, "map"> & { readonly map: "mailbox" | "statistic" })[];
  /** Bytes of the mailbox, and where key and value are put in it; all else in it is the program's. */
  readonly mailboxSize: number;
  readonly key: number;
  readonly value: number;
}

const MAILBOX = "mailbox";
/** What the program returns where there was such an element. */
export const RECORDED = 1;

export function buildRecorder(global: GlobalVariable, layout: GlobalLayout): RecorderProgram {
  const tables = new ScriptTables(new Map([[global.name, layout]]));
  const main: IrFunction = { name: "record", kind: "main", instructions: [], registers: 0 };
  const functions = [main];
  const emit = new Emitter(
    {
      target: null,
      tables,
      handler: 0,
      point: "",
      limits: DEFAULT_LIMITS,
      variables: new Map(),
      attach: null,
      hasWideScratch: false,
      functions,
    },
    main,
  );
  emit.push({ op: "useScratch", from: emit.mapValue(MAILBOX) });
  const key = emit.allocatePermanent(Math.max(8, keySize(layout)));
  const value = emit.allocatePermanent(8);
  const share = find(emit, mapName(global), key);
  emit.when("ne", share, 0n, () => {
    recordInto(emit, global, share, emit.load("scratch", value));
    emit.push({ op: "return", value: BigInt(RECORDED) });
  });
  emit.push({ op: "return", value: 0n });
  const { instructions, relocations } = assembleProgram(removeDeadCode(functions), false);
  return {
    instructions,
    relocations: relocations.map((relocation) => {
      const isOwn = relocation.map === mapName(global);
      if (!isOwn && relocation.map !== MAILBOX) throw new Error(`recording needs no map ${relocation.map}`);
      return { ...relocation, map: isOwn ? "statistic" : "mailbox" };
    }),
    mailboxSize: emit.scratchSize,
    key,
    value,
  };
}

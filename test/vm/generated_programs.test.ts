/** Every program that was generated and run on the machine around this one loads into this kernel, too. */
import { openProgramFile, type StoredProgram } from "../backends/program_file.js";
import { LoadedScript } from "../../kernel/tracing/loaded_script.js";
import { createGlobalMap } from "../../kernel/tracing/stores/map_store.js";
import { StackTable } from "../../kernel/tracing/stack_table.js";
import { isEngineError, loadNative, type NativeMap } from "../../kernel/tracing/native.js";

const native = loadNative();

/** Programs a test: a run of thousands shows how far it is. */
const CHUNK = 100;
/** Of so many the verifier's words are shown. */
const SHOWN = 3;
const LOG_LINES = 12;

const file = process.env["TAPBOOK_PROGRAM_FILE"];
if (file === undefined)
  throw new Error("TAPBOOK_PROGRAM_FILE names the file with the programs: npm run test:vm makes it");
const programs = openProgramFile(file).slice(0, Number(process.env["TAPBOOK_PROGRAMS_LOADED"] ?? Infinity));
const chunks = Array.from({ length: Math.ceil(programs.length / CHUNK) }, (_, index) => index * CHUNK);

/** What the kernel refused it with, null where it took it. */
function load({ name, maps, programs: own, globals }: StoredProgram): string | null {
  const created = new Map<string, NativeMap>();
  const stacks = new StackTable(native);
  try {
    for (const { layout, ...global } of globals) created.set(global.name, createGlobalMap(native, global, layout));
    const map = (wanted: string): NativeMap => {
      const found = created.get(wanted);
      if (!found) throw new Error(`the program uses ${wanted}, which is no global of it`);
      return found;
    };
    new LoadedScript(native, { maps, programs: own }, { map, stacks }).close();
    return null;
  } catch (error) {
    if (!isEngineError(error)) throw error;
    const log = error.verifierLog?.trimEnd().split("\n").slice(-LOG_LINES).join("\n");
    return `${name}: ${error.message}\n${log ?? ""}`;
  } finally {
    for (const map of created.values()) map.close();
    stacks.close();
  }
}

test("there are programs", () => expect(programs.length).toBeGreaterThan(0));

test.each(chunks)(
  "generated programs from %i on load",
  (first) => {
    const refusals = programs.slice(first, first + CHUNK).flatMap((read) => load(read()) ?? []);
    if (refusals.length > 0)
      throw new Error(`${refusals.length} of them are refused:\n${refusals.slice(0, SHOWN).join("\n\n")}`);
  },
  600_000,
);

afterAll(() => expect(native.openHandles()).toBe(0));

/** An eBPF program as a listing: as `bpftool prog dump xlated linum` shows it, before the kernel rewrites anything. */
import { PSEUDO } from "../bpf/encode.js";
import type { ProgramSpec } from "../compiled.js";
import { disassemble, LOAD_WIDE, type InstructionFields } from "./disassemble.js";
import { functionStarts } from "./function_names.js";
import { SourceLines } from "./source_lines.js";

/** One instruction a line with its number and opcode; functions have a heading, lines of the script stand between. */
export function printProgram(program: ProgramSpec): string {
  const fields = decode(program.instructions);
  const starts = functionStarts(program);
  const spans = new Map(program.lines.map(({ instruction, span }) => [instruction, span]));
  const maps = new Map(program.relocations.map((relocation) => [relocation.instruction, relocation]));
  let comments = new SourceLines();
  const listing: string[] = [];
  for (let index = 0; index < fields.length; index++) {
    const name = starts.get(index);
    if (name !== undefined) {
      if (index > 0) listing.push("");
      listing.push(`${name}:`);
      comments = new SourceLines();
    }
    const span = spans.get(index);
    const comment = span && comments.comment(span);
    if (comment) listing.push(comment);
    const instruction = fields[index] as InstructionFields;
    const isWide = instruction.opcode === LOAD_WIDE;
    const text = isWide ? printWide(instruction, fields[index + 1], maps.get(index)?.map) : disassemble(instruction);
    listing.push(`${String(index).padStart(4)}: (${hexadecimal(instruction.opcode)}) ${text}`);
    if (isWide) index++;
  }
  return `${listing.join("\n")}\n`;
}

function decode(bytes: Uint8Array): InstructionFields[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 8 }, (_, index) => {
    const at = index * 8;
    const registers = view.getUint8(at + 1);
    return {
      opcode: view.getUint8(at),
      dst: registers & 0x0f,
      src: registers >> 4,
      offset: view.getInt16(at + 2, true),
      imm: view.getInt32(at + 4, true),
    };
  });
}

/** The kernel names a map by its number; before there is one, its name stands there. */
function printWide({ dst, src, imm }: InstructionFields, second: InstructionFields | undefined, map = "?"): string {
  const high = second?.imm ?? 0;
  switch (src) {
    case PSEUDO.mapDescriptor:
      return `r${dst} = map[${map}]`;
    case PSEUDO.mapValue:
      return `r${dst} = map[${map}][0]+${high}`;
    case PSEUDO.function:
      return `r${dst} = subprog[${imm < 0 ? imm : `+${imm}`}]`;
    default: {
      const value = (BigInt(high >>> 0) << 32n) | BigInt(imm >>> 0);
      return `r${dst} = 0x${value.toString(16)}`;
    }
  }
}

function hexadecimal(opcode: number): string {
  return opcode.toString(16).padStart(2, "0");
}

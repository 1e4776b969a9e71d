/** The arguments of a mark (USDT) as variables of the probe: read from where the compiler of the program left them. */
import type { ContextVariable, Target } from "../../compiler/catalogue.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { KernelCannot } from "../../compiler/ir/kernel_cannot.js";
import { readNumber } from "../../compiler/ir/memory_reads.js";
import { readSegmentBase, readUserRegister, segmentBase } from "../../compiler/ir/user_registers.js";
import { long, type Operand, type Register } from "../../compiler/ir/values.js";
import type { ProgramFile, ProgramMark } from "../../compiler/program_file.js";
import { parseUsdtArguments, type UsdtArgument, type UsdtMemory, type UsdtRegister } from "./usdt_arguments.js";

/** Whether what an argument's operand means depends on where in the program the mark is. */
export function dependsOnPlace({ arguments: text }: ProgramMark, { architecture }: Target): boolean {
  return parseUsdtArguments(text, architecture).some(({ location }) => "symbol" in location && location.symbol !== "");
}

/** `$arg1` and so on, and the lists of them. */
export function markVariables(mark: ProgramMark, file: ProgramFile, target: Target): readonly ContextVariable[] {
  const found = parseUsdtArguments(mark.arguments, target.architecture).map((argument, index) =>
    argumentVariable(`$arg${index + 1}`, argument, mark, file, target),
  );
  const lists = found.map(({ name }) => name);
  return [
    ...found,
    ...["$$vars", "$$parms"].map((name) => ({
      name,
      type: "string" as const,
      summary: "All arguments, as text.",
      lists,
    })),
  ];
}

function argumentVariable(
  name: string,
  argument: UsdtArgument,
  mark: ProgramMark,
  file: ProgramFile,
  target: Target,
): ContextVariable {
  const { size, signed, location } = argument;
  const what = `${signed ? "signed" : "unsigned"}, ${size * 8} bits`;
  const reason = unreadable(argument, file, target);
  if (reason !== null)
    return { name, type: "long", summary: `An argument out of reach: ${reason}.`, unreadable: reason };
  const summary = `The mark's argument (${what}).`;
  const kernel = (emit: Emitter) => {
    switch (location.kind) {
      case "constant":
        return long(narrow(location.value, size, signed));
      case "register":
        return long(
          widen(emit, registerValue(emit, location.register), Math.min(size, location.register.width), signed),
        );
      case "address":
        return long(emit.alu("add", symbolAddress(emit, location.symbol, mark, file), location.displacement));
      case "memory":
        return long(readNumber(emit, { space: "user", bytes: size, signed }, addressOf(emit, location, mark, file)));
      case "unreadable":
        throw new KernelCannot(`${name} cannot be read: ${location.reason}`);
    }
  };
  return { name, type: "long", summary, kernel };
}

function unreadable({ location }: UsdtArgument, file: ProgramFile, target: Target): string | null {
  if (location.kind === "unreadable") return location.reason;
  if ("symbol" in location && location.symbol !== "" && file.addressOf(location.symbol) === null)
    return `it is relative to ${location.symbol}, of which the file does not say where it is`;
  if (location.kind === "memory" && location.segment !== "" && segmentBase(target, location.segment) === null)
    return `this kernel does not tell where %${location.segment} points`;
  return null;
}

function narrow(value: bigint, size: number, signed: boolean): bigint {
  const bits = size * 8;
  return BigInt.asIntN(64, signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value));
}

function registerValue(emit: Emitter, { name, shift }: UsdtRegister): Register {
  const value = readUserRegister(emit, name);
  return shift === 0 ? value : emit.alu("rsh", value, BigInt(shift));
}

function widen(emit: Emitter, value: Register, size: number, signed: boolean): Operand {
  if (size >= 8) return value;
  const shift = BigInt(64 - size * 8);
  return emit.alu(signed ? "arsh" : "rsh", emit.alu("lsh", value, shift), shift);
}

function addressOf(emit: Emitter, memory: UsdtMemory, mark: ProgramMark, file: ProgramFile): Operand {
  const { base, index, scale, indexSigned, displacement, symbol, segment } = memory;
  let address: Operand = displacement;
  const add = (more: Operand): void => {
    address = address === 0n ? more : emit.alu("add", more, address);
  };
  if (symbol !== "") add(symbolAddress(emit, symbol, mark, file));
  if (base) add(widen(emit, registerValue(emit, base), base.width, false));
  if (index) {
    const value = widen(emit, registerValue(emit, index), index.width, indexSigned);
    add(emit.alu("mul", value, BigInt(scale)));
  }
  if (segment !== "") {
    const start = readSegmentBase(emit, segment);
    if (start !== null) add(start);
  }
  return address;
}

/** In the process: the mark's own place there tells by how much the file was moved. */
function symbolAddress(emit: Emitter, symbol: string, { address }: ProgramMark, file: ProgramFile): Operand {
  const distance = (file.addressOf(symbol) ?? 0n) - address;
  const here = readUserRegister(emit, emit.target.architecture === "aarch64" ? "pc" : "rip");
  return emit.alu("add", here, BigInt.asIntN(64, distance));
}

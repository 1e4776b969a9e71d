/** What a probe on functions brings: their parameters, their result, and their names. */
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { ContextVariable } from "../../compiler/catalogue.js";
import type { NameSet } from "../../compiler/compiled.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { bufferSize, long, type LongValue, type Register } from "../../compiler/ir/values.js";
import type { TypeReference } from "../../compiler/types/data_type.js";
import { typeText } from "../../compiler/types/type_text.js";
import { readArgumentWord, readResultWord } from "../../compiler/ir/function_registers.js";
import { parameterListings, returnListing } from "../listings.js";
import { isAggregate, sizeOf, throughTypedefs, type Parameter, type Signature } from "./signature.js";

/** How the words of a function's arguments and result are reached. */
export interface Words {
  argument(emit: Emitter, word: number): Register;
  result(emit: Emitter): Register;
}

/** The context of fentry and fexit: the arguments as 64-bit words, and the result behind them. */
export function trampolineWords({ words }: Signature): Words {
  return {
    argument: (emit, word) => throughMemory(emit, emit.load(emit.context(), word * 8)),
    result: (emit) => throughMemory(emit, emit.load(emit.context(), words * 8)),
  };
}

export const breakpointWords: Words = { argument: readArgumentWord, result: readResultWord };

/** A typed pointer goes through memory once: the verifier then takes it for the plain number that the script wants. */
function throughMemory(emit: Emitter, word: Register): Register {
  return emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, word);
    return emit.load("scratch", memory);
  });
}

/** Registers hold what they will above a narrow number: it is widened here, with its own sign. */
function widen(emit: Emitter, word: Register, { types, id }: TypeReference): LongValue {
  const type = throughTypedefs(types, id);
  const bits = sizeOf(type) * 8;
  if (type.kind === "pointer" || bits === 0 || bits >= 64) return long(word);
  const shift = BigInt(64 - bits);
  return long(emit.alu(type.signed ? "arsh" : "rsh", emit.alu("lsh", word, shift), shift));
}

/** The parameters, and `$$parms` and its kin. */
export function parameterVariables(parameters: readonly Parameter[], words: Words): readonly ContextVariable[] {
  const variables = parameters
    .filter(({ data }) => !isAggregate(data))
    .map(({ name, data, word }): ContextVariable => ({
      name: `$${name}`,
      type: "long",
      // Text for those who look at it: there may be tens of thousands of functions.
      get summary() {
        return `Parameter ${name} (${typeText(data)}).`;
      },
      data,
      kernel: (emit) => widen(emit, words.argument(emit, word), data),
    }));
  return [...variables, ...parameterListings(variables.map(({ name }) => name))];
}

/** `$return` and `$$return`; `data` is undefined where the type is not known. */
export function resultVariables(data: TypeReference | undefined, words: Words): readonly ContextVariable[] {
  const result: ContextVariable = {
    name: "$return",
    type: "long",
    get summary() {
      return data ? `What the function returns (${typeText(data)}).` : "What the function returns, as 64 bits.";
    },
    ...(data ? { data } : {}),
    kernel: (emit) => (data ? widen(emit, words.result(emit), data) : long(words.result(emit))),
  };
  return [result, returnListing()];
}

/** A text about the function that is hit: a literal for one, a number of its set for many, told by the program's cookie. */
export function nameVariable(name: string, summary: string, texts: readonly string[], id: string): ContextVariable {
  const [only = ""] = texts;
  if (texts.length === 1) {
    const shape = { kind: "bytes", size: bufferSize(only.length) } as const;
    return { name, type: "string", summary, shape, kernel: () => ({ kind: "literal", text: only }) };
  }
  const set: NameSet = { id, names: new Map(texts.map((text, index) => [index, text])) };
  return {
    name,
    type: "string",
    summary,
    shape: { kind: "names", set },
    kernel: (emit) => ({ kind: "names", set, operand: emit.call(HELPER.get_attach_cookie, [emit.context()]) }),
  };
}

/** The first arguments as they come, for int_arg() and its like. */
export function wordVariables(count: number, words: Pick<Words, "argument">): readonly ContextVariable[] {
  return Array.from({ length: count }, (_, word) => ({
    name: `$word${word + 1}`,
    type: "long",
    summary: `Argument ${word + 1}, which int_arg(${word + 1}) and its like return.`,
    kernel: (emit) => long(words.argument(emit, word)),
  }));
}

/** Where the function begins, for addr(). */
export const addressVariable: ContextVariable = {
  name: "$probeaddr",
  type: "long",
  summary: "The address of the function, which addr() returns.",
  kernel: (emit) => long(emit.call(HELPER.get_func_ip, [emit.context()])),
};

/** Lines of the kernel's source, of which a kernel tells none without its debug information. */
import type { WrittenFunction } from "./written.js";

const address = { name: "address", type: "long", meaning: "an address in the kernel" } as const;

export const sourceLineFunctions: readonly WrittenFunction[] = ["symfileline", "symfile", "symline"].map((name) => ({
  name,
  topic: "symbols",
  summary:
    `The address in hexadecimal, as in SystemTap where the kernel's debug information is missing: Tapbook needs none and reads none. ` +
    `u${name}() tells the lines of programs, symdata() the kernel's function and the place in it.`,
  parameters: [address],
  returns: "string",
  example: `println(${name}(4096))`,
  body: `return sprintf("0x%x", address)`,
}));

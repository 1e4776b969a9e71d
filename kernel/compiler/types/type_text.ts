/** A type of the kernel's in few words, for lists and messages. */
import type { TypeReference } from "./data_type.js";

/** Much as C writes it, without blanks before stars: `struct file*`. */
export function typeText({ types, id }: TypeReference): string {
  if (id === 0) return "void";
  const type = types.type(id);
  switch (type.kind) {
    case "pointer":
      return `${typeText({ types, id: type.target })}*`;
    case "array":
      return `${typeText({ types, id: type.target })}[${type.elements}]`;
    case "struct":
    case "union":
    case "enum":
      return `${type.kind} ${type.name === "" ? "{…}" : type.name}`;
    case "forward":
      return `struct ${type.name}`;
    case "function_prototype":
      return "function";
    default:
      return type.name;
  }
}

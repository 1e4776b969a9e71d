/** A type of the kernel's in few words. */
import type { TypeReference } from "./data_type.js";

/** For lists, in which blanks separate: much as C writes it, without one before stars, `struct file*`. */
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

/** For sentences: as C writes it, `struct file *`, and in words where C has none. */
export function describeType({ types, id }: TypeReference): string {
  if (id === 0) return "void";
  const type = types.type(id);
  const target: TypeReference = { types, id: type.target };
  switch (type.kind) {
    case "struct":
    case "union":
    case "enum":
      return type.name === "" ? `an anonymous ${type.kind}` : `${type.kind} ${type.name}`;
    case "forward":
      return `struct ${type.name}`;
    case "pointer": {
      const inner = describeType(target);
      return inner.endsWith("*") ? `${inner}*` : `${inner} *`;
    }
    case "array":
      return `${describeType(target)}[${type.elements}]`;
    case "function_prototype":
      return "a function";
    case "variable":
      return describeType(target);
    default:
      return type.name === "" ? "a type without a name" : type.name;
  }
}

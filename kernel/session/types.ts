import type { GlobalType } from "../compiler/check/program.js";

/** A type in the words that people use for it. */
export function describeType(type: GlobalType): string {
  switch (type.kind) {
    case "scalar":
      return type.value;
    case "statistic":
      return "statistic";
    case "array":
      return `array of ${type.value} by ${type.keys.join(", ")}`;
  }
}

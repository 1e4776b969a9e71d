/** Numbers, strings and conditions at random. */
import {
  ARITHMETIC,
  ARRAYS,
  ASSIGNMENTS,
  COMPARISONS,
  CONVERSIONS,
  EXTRACTORS,
  HISTOGRAMS,
  NUMBERS,
  PATTERNS,
  PRINTED_CONVERSIONS,
  TEXTS,
  WALKED_STATISTICS,
  type ArrayVariable,
  type Type,
} from "./vocabulary.js";
import { MOST_NESTED, type Choose, type Scope } from "./scope.js";

export class Expressions {
  constructor(
    private readonly choose: Choose,
    private readonly scope: Scope,
  ) {}

  one<Item>(items: readonly Item[]): Item {
    return items[this.choose(items.length)] as Item;
  }

  value(type: Type, depth: number): string {
    return type === "long" ? this.long(depth) : this.string(depth);
  }

  /** Something that can be assigned to. */
  target(type: Type): string {
    const arrays = ARRAYS.filter(
      (array) => array.value === type && !array.fixed && !this.scope.walked.includes(array.name),
    );
    // A function may be called from a loop over any array.
    if (this.choose(3) === 0 && arrays.length > 0 && !this.scope.inFunction) {
      const array = this.one(arrays);
      // To make room, an insertion looks for the oldest element.
      if (!array.size || this.scope.spend(2)) return this.element(array, 1);
    }
    return this.one(this.scope.variables.filter((variable) => variable.type === type && !variable.fixed)).name;
  }

  element(array: ArrayVariable, depth: number): string {
    return `${array.name}[${array.keys.map((type) => this.value(type, depth - 1)).join(", ")}]`;
  }

  /** Parts of a key, some of them left open. */
  slice(array: ArrayVariable): string {
    return `[${array.keys.map((type) => (this.choose(2) ? "*" : this.value(type, 1))).join(", ")}]`;
  }

  step(): string {
    const target = this.target("long");
    return this.one([`${target}++`, `${target}--`, `++${target}`, `--${target}`]);
  }

  long(depth: number): string {
    const choice = this.choose(depth > 0 ? 16 : 3);
    switch (choice) {
      case 0:
        return this.one(NUMBERS);
      case 1:
      case 2:
        return this.one(this.scope.variables.filter(({ type }) => type === "long")).name;
      case 3:
      case 4:
      case 5:
        return `(${this.long(depth - 1)} ${this.one(ARITHMETIC)} ${this.long(depth - 1)})`;
      case 6:
        return `${this.one(["- ", "~", "!"])}(${this.long(depth - 1)})`;
      case 7:
        return this.element(this.one(ARRAYS.filter(({ value }) => value === "long")), depth);
      case 8:
        return `(${this.condition(depth - 1)} ? ${this.long(depth - 1)} : ${this.long(depth - 1)})`;
      case 9:
        return this.call("long", depth);
      case 10:
        return `(${this.target("long")} ${this.one(ASSIGNMENTS)} ${this.long(depth - 1)})`;
      case 11:
        return this.scope.spend(1) ? `@${this.one(EXTRACTORS)}(${this.statistic(depth)})` : this.one(NUMBERS);
      case 12:
        return this.scope.spend(3) ? this.extracted(depth) : this.one(NUMBERS);
      case 13:
        return `(${this.step()})`;
      case 14:
        return this.numberOfText(depth);
      default:
        return `(${this.condition(depth - 1)})`;
    }
  }

  statistic(depth: number): string {
    return this.one([
      "st",
      "sl",
      `sa[${this.long(depth - 1)}]`,
      `sb[${this.long(depth - 1)}, ${this.string(depth - 1)}]`,
    ]);
  }

  /** What is seldom asked of a statistic. */
  private extracted(depth: number): string {
    switch (this.choose(4)) {
      case 0:
        return `@variance(${this.one(["st", `sa[${this.long(depth - 1)}]`])})`;
      case 1:
        return this.one(["@median(sp)", "@percentile(sp, 99)", "@percentile(sp, 1)"]);
      default:
        return `${this.one(HISTOGRAMS)}[${this.one(["0", "3", "24", "64", "66", "70", this.long(0)])}]`;
    }
  }

  private numberOfText(depth: number): string {
    const text = this.string(depth - 1);
    switch (this.choose(6)) {
      case 0:
        return `strtol(${text}, ${this.one(["0", "8", "10", "16"])})`;
      case 1:
        return this.scope.spend(1)
          ? `${this.one(["isinstr", "strpos"])}(${text}, ${this.one(TEXTS)})`
          : `strlen(${text})`;
      case 2:
        return `stringat(${text}, ${this.long(depth - 1)})`;
      case 3:
        return `${this.one(["htons", "ntohl", "htonll"])}(${this.long(depth - 1)})`;
      default:
        return `strlen(${text})`;
    }
  }

  string(depth: number): string {
    const choice = this.choose(depth > 0 ? 13 : 4);
    switch (choice) {
      case 0:
      case 1:
        return this.one(TEXTS);
      case 2:
      case 3:
        return this.one(this.scope.variables.filter(({ type }) => type === "string")).name;
      case 4:
      case 5:
        if (this.choose(6) === 0) return `errno_str(${this.long(depth - 1)})`;
        return `(${this.string(depth - 1)} . ${this.string(depth - 1)})`;
      case 6:
        return `sprintf(${this.format(CONVERSIONS)})`;
      case 7:
        return this.element(this.one(ARRAYS.filter(({ value }) => value === "string")), depth);
      case 8:
        return `(${this.condition(depth - 1)} ? ${this.string(depth - 1)} : ${this.string(depth - 1)})`;
      case 9:
        return this.call("string", depth);
      case 10:
        return `substr(${this.string(depth - 1)}, ${this.long(depth - 1)}, ${this.long(depth - 1)})`;
      case 11:
        return this.one([
          `sprint(${this.long(depth - 1)}, ${this.string(depth - 1)})`,
          `sprintln(${this.string(depth - 1)})`,
          `sprintd("-", ${this.long(depth - 1)}, ${this.long(depth - 1)})`,
          `sprintdln(", ", ${this.string(depth - 1)}, ${this.long(depth - 1)})`,
        ]);
      default:
        return `(${this.target("string")} ${this.one(["=", ".="])} ${this.string(depth - 1)})`;
    }
  }

  private call(type: Type, depth: number): string {
    const { scope } = this;
    const callable = scope.functions.filter(
      ({ returns, nesting }) => returns === type && scope.nesting + nesting <= MOST_NESTED,
    );
    if (callable.length === 0) return this.value(type, 0);
    const { name, parameters, nesting, callbacks } = this.one(callable);
    if (!scope.spend(callbacks)) return this.value(type, 0);
    scope.deepest = Math.max(scope.deepest, scope.nesting + nesting);
    return `${name}(${parameters.map((parameter) => this.value(parameter, depth - 1)).join(", ")})`;
  }

  condition(depth: number): string {
    const choice = this.choose(depth > 0 ? 10 : 3);
    switch (choice) {
      case 0:
      case 1:
        return `${this.long(0)} ${this.one(COMPARISONS)} ${this.long(0)}`;
      case 2:
        return `${this.string(0)} ${this.one(COMPARISONS)} ${this.string(0)}`;
      case 3:
        return `(${this.condition(depth - 1)} ${this.one(["&&", "||"])} ${this.condition(depth - 1)})`;
      case 4:
        return `!(${this.condition(depth - 1)})`;
      case 5: {
        const array = this.one([...ARRAYS, WALKED_STATISTICS]);
        return `[${array.keys.map((type) => this.value(type, depth - 1)).join(", ")}] in ${array.name}`;
      }
      case 6: {
        if (!this.scope.spend(1)) return this.long(0);
        const array = this.one(ARRAYS.filter(({ keys }) => keys.length > 1));
        return `(${this.slice(array)} in ${array.name})`;
      }
      case 7:
        return `${this.string(depth - 1)} ${this.one(COMPARISONS)} ${this.string(depth - 1)}`;
      case 8:
        if (!this.scope.spend(1)) return this.long(0);
        return `(${this.string(depth - 1)} ${this.one(["=~", "!~"])} ${this.one(PATTERNS)})`;
      default:
        return this.long(depth);
    }
  }

  print(): string {
    switch (this.choose(8)) {
      case 0:
        return `println(${this.value(this.one(["long", "string"]), 2)})`;
      case 1:
        return `print(${this.string(2)}, ${this.long(2)}, "\\n")`;
      case 2:
        return `${this.one(["printd", "printdln"])}(${this.one(['", "', '""', '"%d"'])}, ${this.long(1)}, ${this.string(1)}, ${this.long(1)})`;
      case 3:
        if (this.choose(2) || !this.scope.spend(1)) return `print_char(${this.long(1)})`;
        return `print(${this.one(HISTOGRAMS)})`;
      default:
        return `printf(${this.format([...CONVERSIONS, ...PRINTED_CONVERSIONS])})`.replace(/"(,|\)$)/, '\\n"$1');
    }
  }

  /** A format and its arguments. */
  private format(conversions: readonly string[]): string {
    const args: string[] = [];
    const pieces = Array.from({ length: 1 + this.choose(4) }, () => {
      if (this.choose(3) === 0) return this.one(["text ", ": ", "%%", "-"]);
      if (this.choose(2)) {
        args.push(this.string(1));
        return this.one(["%s", "%s", "%s", "%8s", "%-8s", "%.3s"]);
      }
      args.push(this.long(1));
      return this.one(conversions);
    });
    return [`"${pieces.join("")}"`, ...args].join(", ");
  }
}

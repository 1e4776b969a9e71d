/** Makes typed scripts at random, as text. Loops are small, functions do not recurse, and everything else is left to chance. */
import type { Script } from "./sides.js";

/** A number from 0 to `below` - 1. */
export type Choose = (below: number) => number;

type Type = "long" | "string";

interface Variable {
  readonly name: string;
  readonly type: Type;
  /** Loop counters and parts of keys are not assigned to. */
  readonly fixed: boolean;
}

interface ArrayVariable {
  readonly name: string;
  readonly keys: readonly Type[];
  readonly value: Type;
  readonly fixed?: boolean;
}

interface FunctionSignature {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly returns: Type;
}

const SCALARS: readonly Variable[] = [
  { name: "g0", type: "long", fixed: false },
  { name: "g1", type: "long", fixed: false },
  { name: "h0", type: "string", fixed: false },
  { name: "h1", type: "string", fixed: false },
];
const ARRAYS: readonly ArrayVariable[] = [
  { name: "a0", keys: ["long"], value: "long" },
  { name: "a1", keys: ["string"], value: "long" },
  { name: "a2", keys: ["long", "string"], value: "long" },
  { name: "b0", keys: ["long"], value: "string" },
  { name: "b1", keys: ["string", "string"], value: "string" },
  // Written by the seeds only: keys stay short, or numbers of names, whatever is looked up.
  { name: "c0", keys: ["string"], value: "long", fixed: true },
  { name: "c1", keys: ["string", "long"], value: "long", fixed: true },
];
/** Everything is used once, so that every type is known and arrays have something in them. */
const SEEDS = [
  "a0[5] = 50; a0[1] = 10; a0[-3] = 50;",
  'a1["one"] = 1; a1["two"] = 2; a1[""] = -7;',
  'a2[1, "x"] = 3; a2[2, "y"] = 1; a2[2, "x"] = 1;',
  'b0[0] = "zero"; b0[9] = "";',
  'b1["k", "l"] = "value"; b1["m", ""] = "another value";',
  'c0["one"] = 1; c0["seven77"] = 7;',
  "c1[errno_str(2), 1] = 2; c1[errno_str(13), 1] = 13; c1[errno_str(0), 1] = 0;",
  "st <<< 4; sa[1] <<< 10; sa[1] <<< -20;",
];
const NUMBERS = [
  "0",
  "1",
  "2",
  "3",
  "5",
  "7",
  "-1",
  "-2",
  "10",
  "63",
  "64",
  "255",
  "1000",
  "4096",
  "-4096",
  "2147483647",
  "2147483648",
  "-2147483649",
  "4294967296",
  "9223372036854775807",
  "0x8000000000000000",
  "0x7fffffff00000001",
];
const TEXTS = [
  '""',
  '"a"',
  '"ab"',
  '"abc"',
  '"b"',
  '"seven77"',
  '"eight888"',
  '"nine99999"',
  '"a text of thirty-one characters"',
  '"the text of thirty-two character"',
  '"line\\n"',
  '"%d %s"',
  '"x"',
  '"one"',
  '"two"',
  '"EACCES"',
  `"${"long ".repeat(26)}"`,
  `"${"0123456789".repeat(20)}"`,
];
const ARITHMETIC = ["+", "-", "*", "/", "%", "<<", ">>", ">>>", "&", "|", "^"];
const COMPARISONS = ["<", ">", "<=", ">=", "==", "!="];
const ASSIGNMENTS = ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^="];
const EXTRACTORS = ["count", "sum", "min", "max", "avg"];
const CONVERSIONS = ["%d", "%i", "%u", "%x", "%5d", "%-6d", "%08d", "%+d", "%20d", "%c", "%X", "%#x", "%p", "%8p"];

export interface Size {
  readonly statements: number;
  readonly depth: number;
}

export function generateScript(choose: Choose, size: Size): Script {
  return new Generator(choose).script(size);
}

class Generator {
  private readonly functions: FunctionSignature[] = [];
  private variables: Variable[] = [];
  private loopDepth = 0;
  private returns: Type | null = null;
  /** Arrays that a `foreach` is walking: they must not change meanwhile. */
  private walked: string[] = [];
  private counters = 0;
  private inFunction = false;

  constructor(private readonly choose: Choose) {}

  script(size: Size): Script {
    const declarations = ["global g0, g1, h0, h1, a0, a1, a2, b0, b1, c0, c1, st, sa"];
    for (let count = this.choose(4); count > 0; count--) declarations.push(this.function_(size));
    this.inFunction = false;
    this.returns = null;
    this.variables = [...SCALARS];
    const lines = [...SEEDS, ...this.locals("")];
    // Most statements are tried: an error that ends the handler leaves nothing of the rest to compare.
    for (let count = size.statements; count > 0; count--) {
      const statement = this.statements(1, size.depth);
      lines.push(...(this.choose(8) === 0 ? statement : ["try {", ...statement, "} catch (t) { println(t) }"]));
    }
    lines.push('printf("%d %d %s %s\\n", g0, g1, h0, h1)', 'println(x, " ", s)');
    return { declarations: declarations.join("\n"), body: lines.join("\n") };
  }

  private function_(size: Size): string {
    const index = this.functions.length;
    const parameters = Array.from({ length: this.choose(4) }, (): Type => this.one(["long", "string"]));
    const returns = this.one<Type>(["long", "string"]);
    this.inFunction = true;
    this.returns = returns;
    this.variables = [...SCALARS, ...parameters.map((type, number) => ({ name: `p${number}`, type, fixed: false }))];
    const lines = [...this.locals("f"), ...this.statements(1 + this.choose(3), Math.min(2, size.depth))];
    lines.push(`return ${this.value(returns, 2)}`);
    const list = parameters.map((type, number) => `p${number}:${type}`).join(", ");
    const text = `function f${index}:${returns} (${list}) {\n${lines.join("\n")}\n}`;
    this.functions.push({ name: `f${index}`, parameters, returns });
    return text;
  }

  private locals(prefix: string): string[] {
    const own: Variable[] = [
      { name: `${prefix}x`, type: "long", fixed: false },
      { name: `${prefix}y`, type: "long", fixed: false },
      { name: `${prefix}s`, type: "string", fixed: false },
      { name: `${prefix}t`, type: "string", fixed: false },
    ];
    return own.map((variable) => {
      const line = `${variable.name} = ${this.value(variable.type, 1)};`;
      this.variables.push(variable);
      return line;
    });
  }

  private one<Item>(items: readonly Item[]): Item {
    return items[this.choose(items.length)] as Item;
  }

  // Statements

  private statements(count: number, depth: number): string[] {
    // Without the semicolon a line that starts with `++` or a parenthesis would go on with the line before.
    return Array.from({ length: count }, () => this.statement(depth))
      .flat()
      .map((line) =>
        /[{}]$|^(if|else|for|foreach|while|try|catch)\b(?!.* (return|next|break|continue|error)\b)/.test(line)
          ? line
          : `${line.replace(/;$/, "")};`,
      );
  }

  private block(depth: number): string[] {
    return ["{", ...this.statements(1 + this.choose(3), depth - 1), "}"];
  }

  private statement(depth: number): string[] {
    const simple = 9;
    const choice = this.choose(depth > 0 ? simple + 8 : simple);
    switch (choice) {
      case 0:
      case 1:
        return [`${this.target("long")} ${this.one(ASSIGNMENTS)} ${this.long(2)}`];
      case 2:
        return [`${this.target("string")} ${this.one(["=", "=", ".="])} ${this.string(2)}`];
      case 3:
        return [this.print()];
      case 4:
        return [this.step()];
      case 5:
        return [`${this.one(["st", `sa[${this.long(1)}]`])} <<< ${this.long(2)}`];
      case 6:
        return this.remove();
      case 7:
        return [this.value(this.one(["long", "string"]), 3)];
      case 8:
        return this.leave();
      case 9:
      case 10:
        return [
          `if (${this.condition(2)})`,
          ...this.block(depth),
          ...(this.choose(2) ? ["else", ...this.block(depth)] : []),
        ];
      case 11:
      case 12:
        return this.counted(depth);
      case 13:
      case 14:
        return this.foreach(depth);
      case 15:
        return [
          "try",
          ...this.block(depth),
          ...(this.choose(3) ? [`catch (${this.one(["s", "t"].map((name) => this.localName(name)))})`] : ["catch"]),
          ...this.block(depth),
        ];
      default:
        return ["{", ...this.statements(2, depth - 1), "}"];
    }
  }

  private localName(name: string): string {
    return this.inFunction ? `f${name}` : name;
  }

  private leave(): string[] {
    const choice = this.choose(12);
    if (this.loopDepth > 0 && choice < 4) return [`if (${this.condition(1)}) ${this.one(["break", "continue"])}`];
    if (this.returns !== null && choice < 7) return [`if (${this.condition(1)}) return ${this.value(this.returns, 1)}`];
    if (choice === 7 && !this.inFunction) return [`if (${this.condition(1)}) next`];
    if (choice === 8) return [`if (${this.condition(1)}) error(${this.string(1)})`];
    return [this.print()];
  }

  private remove(): string[] {
    const free = ARRAYS.filter(({ name }) => !this.walked.includes(name));
    const choice = this.choose(6);
    if (choice === 0) return [`delete ${this.one(["g0", "h0", "st", "sa"])}`];
    if (choice === 1) return [`delete sa[${this.long(1)}]`];
    if (free.length === 0 || this.inFunction) return [this.print()];
    const array = this.one(free);
    return choice === 2 ? [`delete ${array.name}`] : [`delete ${this.element(array, 1)}`];
  }

  private step(): string {
    const target = this.target("long");
    return this.one([`${target}++`, `${target}--`, `++${target}`, `--${target}`]);
  }

  private counted(depth: number): string[] {
    const name = `i${this.counters++}`;
    const before = this.variables;
    this.variables = [...before, { name, type: "long", fixed: true }];
    this.loopDepth++;
    const turns = this.choose(5);
    const inner = this.block(depth);
    this.loopDepth--;
    this.variables = before;
    switch (this.choose(3)) {
      case 0:
        return [`for (${name} = 0; ${name} < ${turns}; ${name}++)`, ...inner];
      case 1:
        return [`${name} = ${turns}`, `while (${name}-- > 0)`, ...inner];
      default:
        return [`for (${name} = 0; ${name} < ${turns} && ${this.condition(1)}; ${name} += 1)`, ...inner];
    }
  }

  private foreach(depth: number): string[] {
    const array = this.one(ARRAYS);
    const number = this.counters++;
    const names = array.keys.map((_, column) => `k${number}_${column}`);
    const sort = array.name === "c1" && this.choose(6) ? 0 : this.choose(4);
    const column = this.choose(names.length);
    const direction = this.one(["+", "-"]);
    const keys = names.map((name, index) => name + (sort === 1 && index === column ? direction : ""));
    const value = this.choose(2) ? `v${number} = ` : "";
    const list = names.length > 1 || this.choose(2) ? `[${keys.join(", ")}]` : keys[0];
    const slice =
      this.choose(5) === 0
        ? `[${array.keys.map((type) => (this.choose(2) ? "*" : this.value(type, 1))).join(", ")}]`
        : "";
    const limit = this.choose(3) === 0 ? ` limit ${this.one(["1", "2", this.long(1)])}` : "";
    const before = this.variables;
    this.variables = [
      ...before,
      ...names.map((name, index) => ({ name, type: array.keys[index] as Type, fixed: true })),
    ];
    if (value) this.variables.push({ name: `v${number}`, type: array.value, fixed: true });
    this.walked.push(array.name);
    this.loopDepth++;
    const inner = this.block(depth);
    this.loopDepth--;
    this.walked.pop();
    this.variables = before;
    return [`foreach (${value}${list} in ${array.name}${slice}${sort === 2 ? direction : ""}${limit})`, ...inner];
  }

  private print(): string {
    switch (this.choose(4)) {
      case 0:
        return `println(${this.value(this.one(["long", "string"]), 2)})`;
      case 1:
        return `print(${this.string(2)}, ${this.long(2)}, "\\n")`;
      default:
        return `printf(${this.format()})`.replace(/"(,|\)$)/, '\\n"$1');
    }
  }

  /** A format and its arguments. */
  private format(): string {
    const args: string[] = [];
    const pieces = Array.from({ length: 1 + this.choose(4) }, () => {
      if (this.choose(3) === 0) return this.one(["text ", ": ", "%%", "-"]);
      if (this.choose(2)) {
        args.push(this.string(1));
        return this.one(["%s", "%s", "%s", "%8s", "%-8s", "%.3s"]);
      }
      args.push(this.long(1));
      // Seldom: no probe in the kernel makes a string of it, and such a script compares nothing.
      return this.choose(200) === 0 ? "%o" : this.one(CONVERSIONS);
    });
    return [`"${pieces.join("")}"`, ...args].join(", ");
  }

  // Expressions

  private value(type: Type, depth: number): string {
    return type === "long" ? this.long(depth) : this.string(depth);
  }

  /** Something that can be assigned to. */
  private target(type: Type): string {
    const arrays = ARRAYS.filter((array) => array.value === type && !array.fixed && !this.walked.includes(array.name));
    // A function may be called from a loop over any array.
    if (this.choose(3) === 0 && arrays.length > 0 && !this.inFunction) return this.element(this.one(arrays), 1);
    return this.one(this.variables.filter((variable) => variable.type === type && !variable.fixed)).name;
  }

  private element(array: ArrayVariable, depth: number): string {
    return `${array.name}[${array.keys.map((type) => this.value(type, depth - 1)).join(", ")}]`;
  }

  private long(depth: number): string {
    const choice = this.choose(depth > 0 ? 14 : 3);
    switch (choice) {
      case 0:
        return this.one(NUMBERS);
      case 1:
      case 2:
        return this.one(this.variables.filter(({ type }) => type === "long")).name;
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
        return `@${this.one(EXTRACTORS)}(${this.one(["st", `sa[${this.long(depth - 1)}]`])})`;
      case 12:
        return `(${this.step()})`;
      default:
        return this.one([`strlen(${this.string(depth - 1)})`, `(${this.condition(depth - 1)})`]);
    }
  }

  private string(depth: number): string {
    const choice = this.choose(depth > 0 ? 11 : 4);
    switch (choice) {
      case 0:
      case 1:
        return this.one(TEXTS);
      case 2:
      case 3:
        return this.one(this.variables.filter(({ type }) => type === "string")).name;
      case 4:
      case 5:
        if (this.choose(6) === 0) return `errno_str(${this.long(depth - 1)})`;
        return `(${this.string(depth - 1)} . ${this.string(depth - 1)})`;
      case 6:
        return `sprintf(${this.format()})`;
      case 7:
        return this.element(this.one(ARRAYS.filter(({ value }) => value === "string")), depth);
      case 8:
        return `(${this.condition(depth - 1)} ? ${this.string(depth - 1)} : ${this.string(depth - 1)})`;
      case 9:
        return this.call("string", depth);
      default:
        return `(${this.target("string")} ${this.one(["=", ".="])} ${this.string(depth - 1)})`;
    }
  }

  private call(type: Type, depth: number): string {
    const callable = this.functions.filter(({ returns }) => returns === type);
    if (callable.length === 0) return this.value(type, 0);
    const { name, parameters } = this.one(callable);
    return `${name}(${parameters.map((parameter) => this.value(parameter, depth - 1)).join(", ")})`;
  }

  private condition(depth: number): string {
    const choice = this.choose(depth > 0 ? 8 : 3);
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
        const array = this.one(ARRAYS);
        return `[${array.keys.map((type) => this.value(type, depth - 1)).join(", ")}] in ${array.name}`;
      }
      case 6:
        return `${this.string(depth - 1)} ${this.one(COMPARISONS)} ${this.string(depth - 1)}`;
      default:
        return this.long(depth);
    }
  }
}

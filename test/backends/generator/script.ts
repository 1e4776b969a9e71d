/** Makes typed scripts at random, as text. Loops are small, functions do not recurse, and everything else is left to chance. */
import type { Script } from "../sides.js";
import { Scope, type Choose } from "./scope.js";
import { Statements } from "./statements.js";
import { ARRAYS, SCALARS, SEEDS, type Type, type Variable } from "./vocabulary.js";

export interface Size {
  /** In the probe, those inside of others included. */
  readonly statements: number;
  /** Of blocks in blocks. */
  readonly depth: number;
  /** String variables of the probe. */
  readonly strings: number;
  /** Loops in loops, somewhere. */
  readonly nestedLoops: number;
}

export function generateScript(choose: Choose, size: Size): Script {
  return new Generator(choose).script(size);
}

class Generator {
  private readonly scope = new Scope();
  private readonly statements: Statements;

  constructor(private readonly choose: Choose) {
    this.statements = new Statements(choose, this.scope);
  }

  script({ statements, depth, strings, nestedLoops }: Size): Script {
    const { scope } = this;
    const declarations: string[] = [];
    for (let count = this.choose(4); count > 0; count--) declarations.push(...this.functions(Math.min(2, depth)));
    Object.assign(scope, { inFunction: false, returns: null, isOverloaded: false, variables: SCALARS, callbacks: 0 });
    const texts = Array.from({ length: strings }, (_, index) => ["s", "t"][index] ?? `s${index}`);
    const lines = this.locals(["x", "y"], texts);
    this.statements.allow(statements);
    const tried = (statement: string[]): void => {
      lines.push(
        ...(this.statements.leavesEarly() ? statement : ["try {", ...statement, "} catch (t) { println(t) }"]),
      );
    };
    if (nestedLoops > 0) tried(this.statements.nest(nestedLoops));
    while (!this.statements.isSpent) tried(this.statements.several(1, depth));
    lines.push('printf("%d %d %s %s\\n", g0, g1, h0, h1)', ...texts.map((name) => `println(x, " ", ${name})`));
    const text = [...declarations, ...lines].join("\n");
    const declared = (name: string): string => name + (ARRAYS.find((array) => array.name === name)?.size ?? "");
    const used = Object.keys(SEEDS).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
    return {
      declarations: [
        `global ${[...SCALARS.map(({ name }) => name), ...used.map(declared)].join(", ")}`,
        ...declarations,
      ].join("\n"),
      body: [...used.map((name) => SEEDS[name]), ...lines].join("\n"),
    };
  }

  /** A function, or two of one name, of which the first may hand over to the second. */
  private functions(depth: number): string[] {
    const { make } = this.statements;
    const { scope } = this;
    const name = `f${scope.functions.length}`;
    const parameters = Array.from({ length: this.choose(4) }, (): Type => make.one(["long", "string"]));
    const returns = make.one<Type>(["long", "string"]);
    const list = parameters.map((type, number) => `p${number}:${type}`).join(", ");
    const priorities = this.choose(4) === 0 ? [":1", ":2"] : [""];
    const isOverloaded = priorities.length > 1;
    Object.assign(scope, { inFunction: true, returns, isOverloaded, nesting: 0, deepest: 0, callbacks: 0 });
    const texts = priorities.map((priority) => {
      scope.variables = [...SCALARS, ...parameters.map((type, number) => ({ name: `p${number}`, type, fixed: false }))];
      this.statements.allow(6);
      const lines = [...this.locals(["fx", "fy"], ["fs", "ft"]), ...this.statements.several(1 + this.choose(3), depth)];
      lines.push(`return ${make.value(returns, 2)}`);
      return `function ${name}:${returns} (${list})${priority} {\n${lines.join("\n")}\n}`;
    });
    scope.functions.push({ name, parameters, returns, nesting: scope.deepest, callbacks: scope.callbacks });
    return texts;
  }

  private locals(numbers: readonly string[], texts: readonly string[]): string[] {
    const own: Variable[] = [
      ...numbers.map((name) => ({ name, type: "long", fixed: false }) as const),
      ...texts.map((name) => ({ name, type: "string", fixed: false }) as const),
    ];
    return own.map((variable) => {
      const line = `${variable.name} = ${this.statements.make.value(variable.type, 1)};`;
      this.scope.variables = [...this.scope.variables, variable];
      return line;
    });
  }
}

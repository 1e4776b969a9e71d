/** Statements at random, until so many are made. */
import { Expressions } from "./expressions.js";
import { MOST_NESTED, type Choose, type Scope } from "./scope.js";
import { ARRAYS, ASSIGNMENTS, HISTOGRAMS, WALKED_STATISTICS, type Type, type Variable } from "./vocabulary.js";

const SIMPLE = 9;

/** Of a walk over an array, at most: its turns, its pass over the array, its sorting, and what keeping only the least elements takes besides. */
const WALK_CALLBACKS = 7;

export class Statements {
  readonly make: Expressions;
  private counters = 0;
  private allowed = 0;
  private left = 0;

  constructor(
    private readonly choose: Choose,
    private readonly scope: Scope,
  ) {
    this.make = new Expressions(choose, scope);
  }

  /** How many statements may yet be made, those inside of others counted; where there are none, only simple ones come. */
  allow(count: number): void {
    this.allowed = count;
    this.left = count;
  }

  /** Of all statements about one may end the handler: it leaves nothing of the rest to compare. */
  leavesEarly(): boolean {
    return this.choose(this.allowed) === 0;
  }

  get isSpent(): boolean {
    return this.left <= 0;
  }

  several(count: number, depth: number): string[] {
    // Without the semicolon a line that starts with `++` or a parenthesis would go on with the line before.
    return Array.from({ length: count }, () => this.statement(depth))
      .flat()
      .map((line) =>
        /[{}]$|^(if|else|for|foreach|while|try|catch)\b(?!.* (return|next|break|continue|error)\b)/.test(line)
          ? line
          : `${line.replace(/;$/, "")};`,
      );
  }

  /** Loops in loops, as many as asked for. */
  nest(loops: number): string[] {
    if (loops === 0) return this.several(2, 0);
    const body = (): string[] => ["{", ...this.nest(loops - 1), ...this.several(1, 0), "}"];
    return this.choose(2) ? this.counted(body) : this.foreach(body);
  }

  private block(depth: number): string[] {
    return ["{", ...this.several(1 + this.choose(3), depth - 1), "}"];
  }

  private statement(depth: number): string[] {
    this.left--;
    const { make } = this;
    const choice = this.choose(depth > 0 && !this.isSpent ? SIMPLE + 9 : SIMPLE);
    switch (choice) {
      case 0:
      case 1:
        return [`${make.target("long")} ${make.one(ASSIGNMENTS)} ${make.long(2)}`];
      case 2:
        return [`${make.target("string")} ${make.one(["=", "=", ".="])} ${make.string(2)}`];
      case 3:
        return [make.print()];
      case 4:
        return [make.step()];
      case 5:
        return [this.record()];
      case 6:
        return this.remove();
      case 7:
        return [make.value(make.one(["long", "string"]), 3)];
      case 8:
        return this.leave();
      case 9:
      case 10:
        return [
          `if (${make.condition(2)})`,
          ...this.block(depth),
          ...(this.choose(2) ? ["else", ...this.block(depth)] : []),
        ];
      case 11:
      case 12:
        return this.mayLoop(1) ? this.counted(() => this.block(depth)) : [make.print()];
      case 13:
      case 14:
        return this.mayLoop(WALK_CALLBACKS) ? this.foreach(() => this.block(depth)) : [make.print()];
      case 15:
        return this.scope.nesting < 1 && !this.scope.inFunction && this.mayLoop(3)
          ? this.buckets(depth)
          : [make.print()];
      case 16:
        return [
          "try",
          ...this.block(depth),
          ...(this.choose(3) ? [`catch (${this.localName(make.one(["s", "t"]))})`] : ["catch"]),
          ...this.block(depth),
        ];
      default:
        return ["{", ...this.several(2, depth - 1), "}"];
    }
  }

  private mayLoop(callbacks: number): boolean {
    return this.scope.nesting < MOST_NESTED && this.scope.spend(callbacks);
  }

  private localName(name: string): string {
    return this.scope.inFunction ? `f${name}` : name;
  }

  private record(): string {
    const { make, scope } = this;
    const statistics = ["st", "sl", "sp", `sa[${make.long(1)}]`];
    if (!scope.inFunction && !scope.walked.includes("sb")) statistics.push(make.element(WALKED_STATISTICS, 1));
    return `${make.one(statistics)} <<< ${make.long(2)}`;
  }

  private leave(): string[] {
    const { make, scope } = this;
    const choice = this.choose(12);
    if (scope.nesting > 0 && choice < 4) return [`if (${make.condition(1)}) ${make.one(["break", "continue"])}`];
    if (scope.isOverloaded && choice < 6) return [`if (${make.condition(1)}) next`];
    if (scope.returns !== null && choice < 8)
      return [`if (${make.condition(1)}) return ${make.value(scope.returns, 1)}`];
    if (choice === 8 && !scope.inFunction && this.leavesEarly()) return [`if (${make.condition(1)}) next`];
    if (choice === 9) return [`if (${make.condition(1)}) error(${make.string(1)})`];
    return [make.print()];
  }

  private remove(): string[] {
    const { make, scope } = this;
    const free = [...ARRAYS, WALKED_STATISTICS].filter(({ name }) => !scope.walked.includes(name));
    const choice = this.choose(8);
    if (!scope.spend(1)) return [make.print()];
    if (choice === 0) return [`delete ${make.one(["g0", "h0", "st", "sl", "sa"])}`];
    if (choice === 1) return [`delete sa[${make.long(1)}]`];
    if (free.length === 0 || scope.inFunction) return [make.print()];
    const array = make.one(free);
    if (choice === 2) return [`delete ${array.name}`];
    return choice < 5 && array.keys.length > 1
      ? [`delete ${array.name}${make.slice(array)}`]
      : [`delete ${make.element(array, 1)}`];
  }

  /** What `body` makes, in a loop that brings these variables. */
  private looped(variables: readonly Variable[], body: () => string[]): string[] {
    const { scope } = this;
    const before = scope.variables;
    scope.variables = [...before, ...variables];
    scope.nesting++;
    scope.deepest = Math.max(scope.deepest, scope.nesting);
    const inner = body();
    scope.nesting--;
    scope.variables = before;
    return inner;
  }

  private counted(body: () => string[]): string[] {
    const name = `i${this.counters++}`;
    const turns = this.choose(5);
    const inner = this.looped([{ name, type: "long", fixed: true }], body);
    switch (this.choose(3)) {
      case 0:
        return [`for (${name} = 0; ${name} < ${turns}; ${name}++)`, ...inner];
      case 1:
        return [`${name} = ${turns}`, `while (${name}-- > 0)`, ...inner];
      default:
        return [`for (${name} = 0; ${name} < ${turns} && ${this.make.condition(1)}; ${name} += 1)`, ...inner];
    }
  }

  private buckets(depth: number): string[] {
    const histogram = this.make.one(HISTOGRAMS);
    const name = `k${this.counters++}`;
    const inner = this.looped([{ name, type: "long", fixed: true }], () => this.block(Math.min(1, depth)));
    return [`foreach (${name} in ${histogram})`, "{", `if (${histogram}[${name}])`, ...inner, "}"];
  }

  private foreach(body: () => string[]): string[] {
    const { make } = this;
    const array = make.one([...ARRAYS, WALKED_STATISTICS]);
    const number = this.counters++;
    // Loops one behind the other may use a name for keys of different arrays.
    const reuses = this.choose(2) === 0;
    const names = array.keys.map((type, column) => {
      const shared = `k${type}${column}`;
      const isFree = !this.scope.variables.some(({ name }) => name === shared);
      return reuses && isFree ? shared : `k${number}_${column}`;
    });
    const sort = array.name === "c1" && this.choose(6) ? 0 : this.choose(4);
    const column = this.choose(names.length);
    const direction = make.one(["+", "-"]);
    const keys = names.map((name, index) => name + (sort === 1 && index === column ? direction : ""));
    const value = array.value !== "statistic" && this.choose(2) ? `v${number}` : null;
    const list = names.length > 1 || this.choose(2) ? `[${keys.join(", ")}]` : keys[0];
    const slice = this.choose(5) === 0 ? make.slice(array) : "";
    const extractor = array.value === "statistic" ? make.one(["", " @sum", " @min", " @max", " @avg", " @count"]) : "";
    const order = sort === 2 ? extractor + direction : "";
    const limit = this.choose(3) === 0 ? ` limit ${make.one(["1", "2", make.long(1)])}` : "";
    const variables = names.map((name, index) => ({ name, type: array.keys[index] as Type, fixed: true }));
    if (value) variables.push({ name: value, type: array.value as Type, fixed: true });
    this.scope.walked.push(array.name);
    const inner = this.looped(variables, body);
    this.scope.walked.pop();
    return [`foreach (${value ? `${value} = ` : ""}${list} in ${array.name}${slice}${order}${limit})`, ...inner];
  }
}

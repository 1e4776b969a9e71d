/**
 * How long each string can get and which strings are one of a fixed set of names: a fixed point over the whole script, so
 * that a command name takes 16 bytes of a key and a system call's name 8.
 */
import type { Expression, GlobalVariable, Local, Statement, TypedProgram, UserFunction } from "../check/program.js";
import type { FieldShape, GlobalLayout, StackShape, StringShape } from "../compiled.js";
import { isSameForm } from "../text/symbols.js";
import { walkExpression, walkExpressions, walkStatements } from "./walk.js";
import { formatBound } from "./formats.js";
import { bufferSize } from "./values.js";

/** A shape still being found out: literals fit a set of names or bytes, whichever else comes. */
type Guess = StringShape | { readonly kind: "literals"; readonly texts: ReadonlySet<string> };

export interface Shapes {
  local(local: Local): StringShape;
  returned(function_: UserFunction): StringShape;
  layout(global: GlobalVariable): GlobalLayout;
  expression(expression: Expression): StringShape;
}

export interface ShapeOptions {
  readonly maxStringLength: number;
  /** Of arrays that exist already. */
  readonly capacities: ReadonlyMap<string, number>;
  /** Of those that declare no size. */
  readonly maxMapEntries: number;
  /** Layouts of maps that exist already; shapes only grow. */
  readonly known: ReadonlyMap<string, GlobalLayout>;
  /** What is in a global that is in no map yet. */
  readonly contents?: (global: string) => StoredTexts | null;
}

/** The texts of a global in user space, by the columns of its key and of its value; empty sets for numbers. */
export interface StoredTexts {
  readonly keys: readonly ReadonlySet<string>[];
  readonly values: ReadonlySet<string>;
  /** Keys are call stacks of which only texts are left: probes know stacks by numbers. */
  readonly hasStacks: boolean;
}

export function inferShapes(program: TypedProgram, options: ShapeOptions): Shapes {
  return new ShapeInference(program, options).run();
}

class ShapeInference {
  private readonly locals = new Map<Local, Guess>();
  private readonly returns = new Map<UserFunction, Guess>();
  private readonly keys = new Map<string, (Guess | undefined)[]>();
  private readonly values = new Map<string, Guess>();
  private changed = true;
  private isComplete = false;

  constructor(
    private readonly program: TypedProgram,
    private readonly options: ShapeOptions,
  ) {
    for (const [name, layout] of options.known) {
      this.keys.set(
        name,
        layout.keys.map((shape) => (shape.kind === "long" ? undefined : shape)),
      );
      if (layout.value.kind !== "long" && layout.value.kind !== "statistic") this.values.set(name, layout.value);
    }
    for (const global of program.globals) {
      if (typeof global.initial === "string")
        this.joinValue(global, { kind: "literals", texts: new Set([global.initial]) });
      const stored = options.known.has(global.name) ? null : options.contents?.(global.name);
      if (stored) this.startWith(global, stored);
    }
  }

  /** What is moved into a map must fit it. */
  private startWith(global: GlobalVariable, { keys, values }: StoredTexts): void {
    const literals = (texts: ReadonlySet<string>): Guess | undefined =>
      texts.size === 0 ? undefined : { kind: "literals", texts };
    this.keys.set(global.name, keys.map(literals));
    if (values.size > 0) this.joinValue(global, { kind: "literals", texts: values });
  }

  run(): Shapes {
    do {
      // What nothing has been put into by now stays empty; whatever is compared with it must know that it is bytes.
      this.isComplete = !this.changed;
      this.changed = false;
      for (const handler of this.program.handlers) {
        if (handler.condition) walkExpression(handler.condition, (expression) => this.visitExpression(expression));
        this.visit(handler.body, null);
      }
      for (const function_ of this.program.functions) this.visit(function_.body, function_);
    } while (this.changed || !this.isComplete);
    return {
      local: (local) => this.settle(this.locals.get(local)),
      returned: (function_) => this.settle(this.returnedBy(function_)),
      layout: (global) => this.layout(global),
      expression: (expression) => this.settle(this.guess(expression)),
    };
  }

  private layout(global: GlobalVariable): GlobalLayout {
    const { type } = global;
    const keyTypes = type.kind === "array" ? type.keys : [];
    const keys = keyTypes.map((key, column): FieldShape =>
      key === "long" ? { kind: "long" } : this.settle(this.keys.get(global.name)?.[column]),
    );
    const valueType = type.kind === "statistic" ? "statistic" : type.value;
    const value =
      valueType === "statistic"
        ? ({ kind: "statistic", parts: global.parts } as const)
        : valueType === "long"
          ? ({ kind: "long" } as const)
          : this.settle(this.values.get(global.name));
    const { capacities, maxMapEntries } = this.options;
    const entries = global.size ?? capacities.get(global.name) ?? maxMapEntries;
    return { keys, value, entries: type.kind === "array" ? entries : 1 };
  }

  private settle(guess: Guess | undefined): StringShape {
    if (!guess) return { kind: "bytes", size: 8 };
    if (guess.kind !== "literals") return guess;
    return {
      kind: "bytes",
      size: Math.min(
        this.options.maxStringLength,
        bufferSize(Math.max(...[...guess.texts].map((text) => text.length))),
      ),
    };
  }

  private visit(body: Statement, owner: UserFunction | null): void {
    walkStatements(body, (statement) => {
      if (statement.kind === "delete" && statement.key) this.joinLookup(statement.global, statement.key);
      if (statement.kind === "foreach") {
        if (statement.slice) this.joinLookup(statement.global, statement.slice);
        statement.keys.forEach((local, column) => {
          if (local.type === "string")
            this.joinLocal(local, this.stored(this.keys.get(statement.global.name)?.[column]));
        });
        if (statement.value?.type === "string")
          this.joinLocal(statement.value, this.stored(this.values.get(statement.global.name)));
      }
      if (statement.kind === "return" && statement.value?.type === "string" && owner)
        this.join(this.returns, owner, this.guess(statement.value));
      if (statement.kind === "try" && statement.variable) this.joinLocal(statement.variable, this.longest());
    });
    walkExpressions(body, (expression) => this.visitExpression(expression));
  }

  private visitExpression(expression: Expression): void {
    switch (expression.kind) {
      case "assign":
        if (expression.target.kind === "element") this.joinKey(expression.target.global, expression.target.key);
        if (expression.type === "string") {
          const guess =
            expression.operator === null
              ? this.guess(expression.value)
              : this.joined(this.guess(expression.target), this.guess(expression.value));
          if (expression.target.kind === "local") this.joinLocal(expression.target.local, guess);
          else this.joinValue(expression.target.global, guess);
        }
        return;
      case "increment":
        if (expression.target.kind === "element") this.joinKey(expression.target.global, expression.target.key);
        return;
      case "record":
        if (expression.target.key) this.joinKey(expression.target.global, expression.target.key);
        return;
      case "element":
      case "membership":
        return this.joinLookup(expression.global, expression.key);
      case "extract":
        if (expression.target.key) this.joinLookup(expression.target.global, expression.target.key);
        return;
      case "call":
        for (let callee: UserFunction | null = expression.function; callee; callee = callee.alternative) {
          callee.parameters.forEach((parameter, index) => {
            const argument = expression.arguments[index];
            if (argument && parameter.type === "string") this.joinLocal(parameter, this.guess(argument));
          });
        }
    }
  }

  private joinKey(global: GlobalVariable, key: readonly Expression[]): void {
    let columns = this.keys.get(global.name);
    if (!columns) this.keys.set(global.name, (columns = key.map(() => undefined)));
    key.forEach((part, column) => {
      if (part.type !== "string") return;
      const joined = this.merge(columns[column], this.guess(part));
      if (!same(joined, columns[column])) {
        columns[column] = joined;
        this.changed = true;
      }
    });
  }

  /** A key that is only looked up makes no key longer, but one that is not known by its number wants texts to compare with. */
  private joinLookup(global: GlobalVariable, key: readonly (Expression | null)[]): void {
    const columns = this.keys.get(global.name);
    key.forEach((part, column) => {
      const known = columns?.[column];
      if (part?.type !== "string" || (known?.kind !== "names" && known?.kind !== "stack")) return;
      const wanted = this.guess(part);
      if (!wanted || wanted.kind === "literals" || sameNumbers(known, wanted)) return;
      columns![column] = this.bytes(this.bound(known));
      this.changed = true;
    });
  }

  private joinValue(global: GlobalVariable, guess: Guess | undefined): void {
    this.join(this.values, global.name, guess);
  }

  private joinLocal(local: Local, guess: Guess | undefined): void {
    this.join(this.locals, local, guess);
  }

  private join<Key>(map: Map<Key, Guess>, key: Key, guess: Guess | undefined): void {
    const before = map.get(key);
    const joined = this.merge(before, guess);
    if (!joined || same(joined, before)) return;
    map.set(key, joined);
    this.changed = true;
  }

  private guess(expression: Expression): Guess | undefined {
    switch (expression.kind) {
      case "text":
        return { kind: "literals", texts: new Set([expression.value]) };
      case "local":
        return this.stored(this.locals.get(expression.local));
      case "global":
      case "element":
        return this.stored(this.values.get(expression.global.name));
      case "concatenate":
        return this.joined(this.guess(expression.left), this.guess(expression.right));
      case "conditional":
        return this.stored(this.merge(this.guess(expression.then), this.guess(expression.otherwise)));
      case "assign":
        if (expression.target.kind === "local") return this.guess(expression.target);
        return expression.operator === null
          ? this.guess(expression.value)
          : this.joined(this.guess(expression.target), this.guess(expression.value));
      case "call":
        return this.stored(this.returnedBy(expression.function));
      case "tapset":
        return expression.function.shape ?? this.longest();
      case "context":
        return expression.variable.shape ?? this.longest();
      case "memoryText":
        return expression.length === null ? this.longest() : this.bytes(expression.length);
      case "attempt":
        return this.bytes(
          Math.max(
            this.bound(this.settle(this.guess(expression.value))),
            this.bound(this.settle(this.guess(expression.otherwise))),
          ),
        );
      case "format": {
        const bounds = expression.arguments.map((argument) =>
          argument.type === "string" ? this.settle(this.guess(argument)) : null,
        );
        return this.bytes(
          formatBound(
            expression.pieces,
            bounds.map((shape) => (shape ? this.bound(shape) : 0)),
          ),
        );
      }
      default:
        return this.longest();
    }
  }

  /** By it or by any candidate behind it: all store into one place. */
  private returnedBy(function_: UserFunction): Guess | undefined {
    let guess: Guess | undefined;
    for (let callee: UserFunction | null = function_; callee; callee = callee.alternative)
      guess = this.merge(guess, this.returns.get(callee));
    return guess;
  }

  /** What is read from memory: literals lie there as bytes. */
  private stored(guess: Guess | undefined): StringShape | undefined {
    if (guess && guess.kind !== "literals") return guess;
    return guess || this.isComplete ? this.settle(guess) : undefined;
  }

  /** One string behind the other. */
  private joined(left: Guess | undefined, right: Guess | undefined): Guess {
    return this.bytes(this.bound(this.settle(left)) + this.bound(this.settle(right)));
  }

  private merge(left: Guess | undefined, right: Guess | undefined): Guess | undefined {
    if (!left || !right) return left ?? right;
    if (left.kind === "literals" && right.kind === "literals")
      return { kind: "literals", texts: new Set([...left.texts, ...right.texts]) };
    if (left.kind === "names" && fitsNames(left, right)) return left;
    if (right.kind === "names" && fitsNames(right, left)) return right;
    if (left.kind === "stack" && fitsStack(left, right)) return left;
    if (right.kind === "stack" && fitsStack(right, left)) return right;
    return this.bytes(Math.max(this.bound(this.settle(left)), this.bound(this.settle(right))));
  }

  /** The most bytes of text that a shape holds. */
  private bound(shape: StringShape): number {
    return textBound(shape) ?? this.options.maxStringLength - 1;
  }

  private bytes(length: number): StringShape {
    return { kind: "bytes", size: Math.min(this.options.maxStringLength, bufferSize(length)) };
  }

  private longest(): StringShape {
    return { kind: "bytes", size: this.options.maxStringLength };
  }
}

/** The most bytes of text that a shape holds; null where only the language's limit bounds them. */
function textBound(shape: StringShape): number | null {
  if (shape.kind === "bytes") return shape.size - 1;
  return shape.kind === "names" ? Math.max(0, ...[...shape.set.names.values()].map((name) => name.length)) : null;
}

function fitsStack(stack: StackShape, other: Guess): boolean {
  return other.kind === "literals" ? [...other.texts].every((text) => text === "") : sameNumbers(stack, other);
}

function sameNumbers(known: StringShape, other: Guess): boolean {
  if (known.kind === "names") return other.kind === "names" && other.set.id === known.set.id;
  return known.kind === "stack" && other.kind === "stack" && isSameForm(known.form, other.form);
}

function fitsNames(names: Extract<StringShape, { kind: "names" }>, other: Guess): boolean {
  if (other.kind === "names") return other.set.id === names.set.id;
  if (other.kind !== "literals") return false;
  const known = new Set(names.set.names.values());
  return [...other.texts].every((text) => known.has(text));
}

export function isSameShape(left: FieldShape, right: FieldShape): boolean {
  if (left.kind === "long" || right.kind === "long") return left.kind === right.kind;
  return same(left, right);
}

function same(left: Guess | undefined, right: Guess | undefined): boolean {
  if (left === right) return true;
  if (!left || !right || left.kind !== right.kind) return false;
  if (left.kind === "bytes") return left.size === (right as typeof left).size;
  if (left.kind === "literals") return left.texts.size === (right as typeof left).texts.size;
  return sameNumbers(left, right);
}

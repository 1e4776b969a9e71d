/** The typed program: names resolved, types known. Both back ends start from it. Plain data. */
import type { ContextVariable, ResolvedProbe, TapsetFunction } from "../catalogue.js";
import type { Span } from "../source.js";
import type { Regex } from "../regex/index.js";
import type { FormatPiece } from "../text/format.js";

export type ValueType = "long" | "string";

export type GlobalType =
  | { readonly kind: "scalar"; readonly value: ValueType }
  | { readonly kind: "statistic" }
  | { readonly kind: "array"; readonly keys: readonly ValueType[]; readonly value: ValueType | "statistic" };

/** The buckets of `@hist_linear`. */
export interface LinearScale {
  readonly low: bigint;
  readonly high: bigint;
  readonly step: bigint;
}

/** What a statistic keeps beside count, sum, min and max. */
export interface StatisticParts {
  readonly log: boolean;
  readonly linear: readonly LinearScale[];
  readonly variance: boolean;
  /** Absent unless a script asks for them, since they take 15 KB a CPU and element. */
  readonly percentiles?: boolean;
}

/** A global of which everything is known. */
export interface GlobalVariable {
  readonly name: string;
  readonly type: GlobalType;
  /** Null: the default number of entries. */
  readonly size: number | null;
  readonly wrap: boolean;
  readonly initial: bigint | string | null;
  readonly parts: StatisticParts;
  readonly declaredAt: Span;
  /** How this script uses it: an unread written global is shown at the end. */
  readonly read: boolean;
  readonly written: boolean;
  /** All that this script does with it is to empty the whole of it. */
  readonly onlyEmptied?: boolean;
}

/** A variable of a handler or a function. */
export interface Local {
  readonly index: number;
  readonly name: string;
  readonly type: ValueType;
  /** Means something in one loop alone: others of the name, of other loops, may lie in the same place. */
  readonly isOfLoop: boolean;
}

/** A function that is written in the language. */
export interface UserFunction {
  readonly name: string;
  readonly parameters: readonly Local[];
  /** Null where it returns nothing. */
  readonly returns: ValueType | null;
  /** Parameters first. */
  readonly locals: readonly Local[];
  readonly body: Statement;
  readonly span: Span;
  /** Next candidate of the same arity, which `next` falls through to. */
  readonly alternative: UserFunction | null;
}

/** What runs when a probe is hit. */
export interface Handler {
  /** One written probe may have several: alias bodies differ by point. */
  readonly probe: ResolvedProbe;
  /** As written or expanded, such as `syscall.read.return`. */
  readonly point: string;
  readonly condition: Expression | null;
  readonly locals: readonly Local[];
  readonly body: Statement;
  readonly span: Span;
  /** The cell's bare statements, which run at once in user space. */
  readonly isStatements: boolean;
  /** Keeps what `@entry` asks for at the return: no event of the script's own. */
  readonly isEntry?: true;
}

/** A script that the checker has accepted. */
export interface TypedProgram {
  readonly globals: readonly GlobalVariable[];
  readonly functions: readonly UserFunction[];
  readonly handlers: readonly Handler[];
  /** A trailing bare expression of a cell, evaluated after its statements and displayed. */
  readonly display: Display | null;
}

export type Display =
  | {
      readonly kind: "value";
      readonly label: string;
      readonly expression: Expression;
      readonly locals: readonly Local[];
    }
  | { readonly kind: "global"; readonly label: string; readonly global: GlobalVariable }
  | {
      readonly kind: "histogram";
      readonly label: string;
      readonly histogram: Histogram;
      readonly locals: readonly Local[];
    };

// Statements

export type Statement =
  | { readonly kind: "block"; readonly statements: readonly Statement[]; readonly span: Span }
  | { readonly kind: "expression"; readonly expression: Expression; readonly span: Span }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly then: Statement;
      readonly otherwise: Statement | null;
      readonly span: Span;
    }
  /** `while` has only a condition. */
  | {
      readonly kind: "loop";
      readonly condition: Expression | null;
      readonly step: Expression | null;
      readonly body: Statement;
      readonly span: Span;
    }
  | Foreach
  | {
      readonly kind: "foreachBucket";
      readonly bucket: Local;
      readonly count: Local | null;
      readonly histogram: Histogram;
      readonly limit: Expression | null;
      readonly descending: boolean;
      readonly body: Statement;
      readonly span: Span;
    }
  /** Null key: the whole variable; null entries: any. */
  | {
      readonly kind: "delete";
      readonly global: GlobalVariable;
      readonly key: readonly (Expression | null)[] | null;
      readonly span: Span;
    }
  | { readonly kind: "break" | "continue" | "next"; readonly span: Span }
  | { readonly kind: "return"; readonly value: Expression | null; readonly span: Span }
  | {
      readonly kind: "try";
      readonly body: Statement;
      readonly variable: Local | null;
      readonly handler: Statement;
      readonly span: Span;
    }
  /** Put in where a back end begins (`actions.ts`): so many statements are about to run, of which the first stands there. */
  | { readonly kind: "countActions"; readonly actions: number; readonly span: Span };

/** A loop over an array. */
export interface Foreach {
  readonly kind: "foreach";
  readonly keys: readonly Local[];
  readonly value: Local | null;
  readonly global: GlobalVariable;
  readonly slice: readonly (Expression | null)[] | null;
  readonly sort: Sort | null;
  readonly limit: Expression | null;
  readonly body: Statement;
  readonly span: Span;
}

/** What a loop is sorted by. */
export interface Sort {
  readonly by:
    | { readonly kind: "key"; readonly column: number }
    | { readonly kind: "value" }
    | { readonly kind: "extract"; readonly extractor: Extractor };
  readonly descending: boolean;
}

// Expressions. `type` is of the value; "none" is a call of a function that returns nothing.

/** The one with a parameter is `@percentile`, and 50 is `@median`. */
export type Extractor = "count" | "sum" | "min" | "max" | "avg" | "variance" | { readonly percent: bigint };

interface Typed<Kind extends string, Type extends ValueType = ValueType> {
  readonly kind: Kind;
  readonly type: Type;
  readonly span: Span;
}

/** A statistics global, or one element of an array of them. */
export interface StatisticTarget {
  readonly global: GlobalVariable;
  /** Null for a scalar statistic. */
  readonly key: readonly Expression[] | null;
}

/** `@hist_log` or `@hist_linear` of a statistic. */
export interface Histogram {
  readonly scale: { readonly kind: "log" } | ({ readonly kind: "linear" } & LinearScale);
  readonly target: StatisticTarget;
  readonly span: Span;
}

export type Target =
  | (Typed<"local"> & { readonly local: Local })
  | (Typed<"global"> & { readonly global: GlobalVariable })
  | (Typed<"element"> & { readonly global: GlobalVariable; readonly key: readonly Expression[] });

/** Whose memory is read. */
export type MemorySpace = "kernel" | "user";

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "<<" | ">>" | ">>>" | "&" | "|" | "^";
export type ComparisonOperator = "<" | ">" | "<=" | ">=" | "==" | "!=";

export type Expression =
  | (Typed<"number", "long"> & { readonly value: bigint })
  | (Typed<"text", "string"> & { readonly value: string })
  | Target
  | (Typed<"unary", "long"> & { readonly operator: "-" | "!" | "~"; readonly operand: Expression })
  | (Typed<"arithmetic", "long"> & {
      readonly operator: ArithmeticOperator;
      /** Where errors are said to be. */
      readonly operatorSpan: Span;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Typed<"concatenate", "string"> & { readonly left: Expression; readonly right: Expression })
  /** Both operands have one type; strings compare by content. */
  | (Typed<"compare", "long"> & {
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Typed<"logical", "long"> & {
      readonly operator: "&&" | "||";
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Typed<"conditional"> & {
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    })
  /** `operator` null for a plain assignment; "." appends. */
  | (Typed<"assign"> & {
      readonly target: Target;
      readonly operator: ArithmeticOperator | "." | null;
      readonly operatorSpan: Span;
      readonly value: Expression;
    })
  | (Typed<"increment", "long"> & { readonly target: Target; readonly delta: 1 | -1; readonly prefix: boolean })
  /** `statistic <<< value`; its own value is the recorded number. */
  | (Typed<"record", "long"> & { readonly target: StatisticTarget; readonly value: Expression })
  /** `=~`, or `!~` where negated. */
  | (Typed<"match", "long"> & { readonly negated: boolean; readonly text: Expression; readonly regex: Regex })
  /** What a group of the last successful match holds. */
  | (Typed<"matched", "string"> & { readonly group: Expression })
  | Typed<"groupCount", "long">
  | (Typed<"membership", "long"> & { readonly global: GlobalVariable; readonly key: readonly (Expression | null)[] })
  | (Typed<"extract", "long"> & { readonly extractor: Extractor; readonly target: StatisticTarget })
  | (Typed<"bucket", "long"> & { readonly histogram: Histogram; readonly index: Expression })
  | (Typed<"call"> & {
      readonly function: UserFunction;
      readonly arguments: readonly Expression[];
      readonly isVoid: boolean;
    })
  | (Typed<"tapset"> & {
      readonly function: TapsetFunction;
      readonly arguments: readonly Expression[];
      readonly isVoid: boolean;
    })
  | (Typed<"context"> & { readonly variable: ContextVariable })
  /** A number in memory, widened to 64 bits; a failed read is an error of the script. */
  | (Typed<"memory", "long"> & {
      readonly space: MemorySpace;
      readonly address: Expression;
      /** 1 to 8. */
      readonly bytes: number;
      readonly signed: boolean;
    })
  /** Changes a number in a program's memory; a failed write is an error of the script. */
  | (Typed<"writeMemory", "long"> & {
      readonly space: "user";
      readonly address: Expression;
      readonly bytes: number;
      readonly signed: boolean;
      /** With what was there before; null where that does not matter. */
      readonly operator: ArithmeticOperator | null;
      readonly operatorSpan: Span;
      readonly value: Expression;
      readonly gives: "before" | "after";
    })
  /** The text at an address, up to its terminator, the end of its array or the language's longest string. */
  | (Typed<"memoryText", "string"> & {
      readonly space: MemorySpace;
      readonly address: Expression;
      readonly length: number | null;
    })
  /** The one text, or the other where making the first is an error. */
  | (Typed<"attempt", "string"> & { readonly value: Expression; readonly otherwise: Expression })
  /** The printf and sprintf families. */
  | (Typed<"format"> & {
      readonly toString: boolean;
      readonly pieces: readonly FormatPiece[];
      readonly arguments: readonly Expression[];
    })
  | (Typed<"printHistogram"> & {
      readonly toString: boolean;
      readonly histogram: Histogram;
      readonly label: string;
    });

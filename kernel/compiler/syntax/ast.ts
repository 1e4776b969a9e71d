/** The tree that the parser makes: what was written, with names unresolved and types unknown. */
import type { Span } from "../source.js";

interface Node {
  readonly span: Span;
}

/** A whole text. In a cell, bare statements may stand among the definitions. */
export interface Script extends Node {
  readonly items: readonly Item[];
}

export type Item =
  ProbeDefinition | AliasDefinition | GlobalDeclaration | FunctionDefinition | EmbeddedCode | BareStatement;

/** `probe POINT, POINT { … }` */
export interface ProbeDefinition extends Node {
  readonly kind: "probe";
  readonly points: readonly ProbePoint[];
  readonly body: Block;
}

/** `probe NAME = POINT, … { prologue }`, `+= … { epilogue }`, or `= … { prologue }, { epilogue }` */
export interface AliasDefinition extends Node {
  readonly kind: "alias";
  /** More than one in `probe a = b = point {}`. */
  readonly names: readonly ProbePoint[];
  readonly points: readonly ProbePoint[];
  readonly prologue: Block | null;
  readonly epilogue: Block | null;
}

/** `kernel.function("vfs_*").return ? if (enabled)` */
export interface ProbePoint extends Node {
  readonly components: readonly ProbeComponent[];
  /** `?`: no error if it does not resolve. */
  readonly optional: boolean;
  /** `!`: optional, and later points of the list are skipped if it resolves. */
  readonly sufficient: boolean;
  readonly condition: Expression | null;
}

/** One dotted part. Braces are expanded by the parser; wildcards stay in the name. */
export interface ProbeComponent extends Node {
  readonly name: string;
  readonly argument: NumberLiteral | StringLiteral | null;
}

export interface GlobalDeclaration extends Node {
  readonly kind: "global";
  readonly isPrivate: boolean;
  readonly variables: readonly GlobalVariableDeclaration[];
}

export interface GlobalVariableDeclaration extends Node {
  readonly name: string;
  /** `global a[100]`; null where no size is given. */
  readonly size: number | null;
  /** `global a%`: the oldest entry makes room when the array is full. */
  readonly wrap: boolean;
  readonly initial: NumberLiteral | StringLiteral | null;
}

export type TypeName = "long" | "string";

export interface FunctionDefinition extends Node {
  readonly kind: "function";
  readonly name: string;
  readonly nameSpan: Span;
  readonly isPrivate: boolean;
  readonly parameters: readonly Parameter[];
  readonly returns: TypeName | null;
  /** `:2` after the parameters; null where not given. */
  readonly priority: number | null;
  readonly body: Block | EmbeddedCode;
}

export interface Parameter extends Node {
  readonly name: string;
  readonly type: TypeName | null;
}

/** `%{ … %}`: C, which eBPF cannot hold. It parses so that it can be refused with a hint. */
export interface EmbeddedCode extends Node {
  readonly kind: "embedded";
  readonly code: string;
}

/** A statement outside every probe and function: only in cells. */
export interface BareStatement extends Node {
  readonly kind: "statement";
  readonly statement: Statement;
}

export type Statement =
  | Block
  | EmptyStatement
  | ExpressionStatement
  | IfStatement
  | WhileStatement
  | ForStatement
  | ForeachStatement
  | DeleteStatement
  | JumpStatement
  | ReturnStatement
  | TryStatement
  | EmbeddedCode;

export interface Block extends Node {
  readonly kind: "block";
  readonly statements: readonly Statement[];
}

export interface EmptyStatement extends Node {
  readonly kind: "empty";
}

export interface ExpressionStatement extends Node {
  readonly kind: "expression";
  readonly expression: Expression;
}

export interface IfStatement extends Node {
  readonly kind: "if";
  readonly condition: Expression;
  readonly then: Statement;
  readonly otherwise: Statement | null;
}

export interface WhileStatement extends Node {
  readonly kind: "while";
  readonly condition: Expression;
  readonly body: Statement;
}

export interface ForStatement extends Node {
  readonly kind: "for";
  readonly initial: Expression | null;
  readonly condition: Expression | null;
  readonly step: Expression | null;
  readonly body: Statement;
}

export type SortDirection = "ascending" | "descending";

/** `foreach (value = [a+, b] in array[*, "x"] @sum- limit 10) body`; at most one mark of the whole loop sorts. */
export interface ForeachStatement extends Node {
  readonly kind: "foreach";
  readonly keys: readonly Identifier[];
  readonly value: Identifier | null;
  /** An array's name, or a histogram whose buckets are walked. */
  readonly collection: Identifier | HistogramOperation;
  /** One entry a key column, null for `*`; null where there is no slice. */
  readonly slice: readonly (Expression | null)[] | null;
  readonly sort: ForeachSort | null;
  readonly limit: Expression | null;
  readonly body: Statement;
}

/** Its span is that of the mark. */
export interface ForeachSort extends Node {
  readonly by:
    | { readonly kind: "key"; readonly column: number }
    | {
        readonly kind: "value";
        readonly extractor: Extractor | null;
        /** Which one of a hundred, of `@percentile(99)`; absent elsewhere. */
        readonly percent?: NumberLiteral;
      };
  readonly direction: SortDirection;
}

/** `delete a[k]`, `delete a[*, k]`, `delete a`, `delete s` */
export interface DeleteStatement extends Node {
  readonly kind: "delete";
  readonly name: Identifier;
  /** Null for the whole variable; null entries stand for `*`. */
  readonly key: readonly (Expression | null)[] | null;
}

export interface JumpStatement extends Node {
  readonly kind: "break" | "continue" | "next";
}

export interface ReturnStatement extends Node {
  readonly kind: "return";
  readonly value: Expression | null;
}

export interface TryStatement extends Node {
  readonly kind: "try";
  readonly body: Block;
  readonly variable: Identifier | null;
  readonly handler: Block;
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | Identifier
  | TargetVariable
  | UnaryExpression
  | BinaryExpression
  | ConditionalExpression
  | AssignmentExpression
  | IncrementExpression
  | MembershipExpression
  | MatchExpression
  | ElementExpression
  | CallExpression
  | StatisticOperation
  | HistogramOperation
  | AtOperation
  | MemberExpression
  | AddressExpression
  | PrettyExpression
  | EmbeddedCode;

/** Already wrapped to a signed 64-bit value. */
export interface NumberLiteral extends Node {
  readonly kind: "number";
  readonly value: bigint;
}

/** Escapes are resolved; one character a byte (UTF-8), which is what the language counts and compares. */
export interface StringLiteral extends Node {
  readonly kind: "string";
  readonly value: string;
}

export interface Identifier extends Node {
  readonly kind: "name";
  readonly name: string;
}

/** `$fd`, `$$parms`, `$return` with the dollar signs in the name. */
export interface TargetVariable extends Node {
  readonly kind: "target";
  readonly name: string;
}

export interface UnaryExpression extends Node {
  readonly kind: "unary";
  readonly operator: "+" | "-" | "!" | "~";
  readonly operand: Expression;
}

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "<<"
  | ">>"
  | ">>>"
  | "&"
  | "|"
  | "^"
  | "."
  | "<"
  | ">"
  | "<="
  | ">="
  | "=="
  | "!="
  | "&&"
  | "||";

export interface BinaryExpression extends Node {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}

export interface ConditionalExpression extends Node {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

export type AssignmentOperator =
  "=" | "<<<" | "+=" | "-=" | "*=" | "/=" | "%=" | "<<=" | ">>=" | ">>>=" | "&=" | "^=" | "|=" | ".=";

export interface AssignmentExpression extends Node {
  readonly kind: "assignment";
  readonly operator: AssignmentOperator;
  readonly operatorSpan: Span;
  readonly target: Expression;
  readonly value: Expression;
}

export interface IncrementExpression extends Node {
  readonly kind: "increment";
  readonly operator: "++" | "--";
  readonly prefix: boolean;
  readonly target: Expression;
}

/** `[x, *, y] in array` */
export interface MembershipExpression extends Node {
  readonly kind: "membership";
  readonly key: readonly (Expression | null)[];
  readonly array: Identifier;
}

/** `text =~ "pattern"` and `!~` */
export interface MatchExpression extends Node {
  readonly kind: "match";
  readonly negated: boolean;
  readonly text: Expression;
  readonly pattern: StringLiteral;
}

/** `array[a, b]`; the base is a name, or a histogram whose bucket is read. */
export interface ElementExpression extends Node {
  readonly kind: "element";
  readonly base: Identifier | HistogramOperation;
  /** Null entries stand for `*`, which only slices may hold. */
  readonly key: readonly (Expression | null)[];
}

export interface CallExpression extends Node {
  readonly kind: "call";
  readonly name: string;
  readonly nameSpan: Span;
  readonly arguments: readonly Expression[];
}

export type Extractor = "count" | "sum" | "min" | "max" | "avg" | "variance" | "percentile" | "median";

/** `@count(x)`, `@variance(x, 4)`, `@percentile(x, 99)` */
export interface StatisticOperation extends Node {
  readonly kind: "statistic";
  readonly extractor: Extractor;
  readonly target: Expression;
  readonly parameters: readonly Expression[];
}

/** `@hist_log(x)`, `@hist_linear(x, low, high, step)` */
export interface HistogramOperation extends Node {
  readonly kind: "histogram";
  readonly scale: "log" | "linear";
  readonly target: Expression;
  readonly bounds: readonly NumberLiteral[];
}

/** `@cast(p, "task_struct")`, `@var("x")`, `@entry(e)`, `@defined(e)`, `@enum("X")`, … : the checker knows each. */
export interface AtOperation extends Node {
  readonly kind: "at";
  /** Without the sign. */
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** `$file->f_path`, `$array[i]`, `(expression)->member` */
export interface MemberExpression extends Node {
  readonly kind: "member";
  readonly base: Expression;
  readonly access:
    { readonly kind: "member"; readonly name: string } | { readonly kind: "index"; readonly index: Expression };
}

/** `&$x->y` */
export interface AddressExpression extends Node {
  readonly kind: "address";
  readonly operand: Expression;
}

/** `$x$` (depth 1) and `$x$$` (depth 2) */
export interface PrettyExpression extends Node {
  readonly kind: "pretty";
  readonly operand: Expression;
  readonly depth: 1 | 2;
}

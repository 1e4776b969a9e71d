/** The printing functions of the language: `print` and `printf` with their kin, lowered to one form. */
import type { Span } from "../source.js";
import type * as ast from "../syntax/ast.js";
import { argumentTypes, formatForPrint, parseFormat, type FormatPiece } from "../text/format.js";
import { wrong, type Body, type Checked } from "./body.js";
import { doubtPrinted } from "./doubts.js";
import { checkTyped, checkValue } from "./expressions.js";
import { byteSpan } from "./literal_spans.js";
import * as messages from "./messages.js";
import type { Expression, ValueType } from "./program.js";
import { valueType } from "./scope.js";
import { checkHistogram } from "./statistics.js";
import { TypeVariable } from "./types.js";
import * as statisticsMessages from "./statistics_messages.js";

export const PRINT_FUNCTIONS = [
  "print",
  "println",
  "printd",
  "printdln",
  "printf",
  "print_char",
  "sprint",
  "sprintln",
  "sprintd",
  "sprintdln",
  "sprintf",
] as const;

type PrintFunction = (typeof PRINT_FUNCTIONS)[number];

export function isPrintFunction(name: string): name is PrintFunction {
  return PRINT_FUNCTIONS.some((known) => known === name);
}

const MAXIMUM_ARGUMENTS = 32;

export function checkPrint(body: Body, node: ast.CallExpression, name: PrintFunction): Checked {
  const extra = node.arguments[MAXIMUM_ARGUMENTS + (takesLiteral(name) ? 1 : 0)];
  if (extra) return body.refuse(extra.span, messages.tooManyPrintArguments(name, MAXIMUM_ARGUMENTS));
  const histogram = node.arguments.find((argument) => argument.kind === "histogram");
  if (histogram) return printHistogram(body, node, name, histogram);
  if (name === "printf" || name === "sprintf") return printFormat(body, node, name);
  if (name === "print_char") return printCharacter(body, node);
  return printValues(body, node, name);
}

function takesLiteral(name: PrintFunction): boolean {
  return name.endsWith("f") || name.endsWith("d") || name.endsWith("dln");
}

/** A string by `sprint` and its like, by the others nothing after it has been printed. */
function printed(
  span: Span,
  name: PrintFunction,
  build: (common: { type: ValueType; span: Span; toString: boolean }) => Expression,
): Checked {
  const toString = name.startsWith("s");
  return {
    type: toString ? new TypeVariable("string", { span }) : TypeVariable.error(),
    span,
    result: toString ? "value" : "nothing",
    build: () => build({ type: toString ? "string" : "long", span, toString }),
  };
}

/** The form that all but histograms come down to. */
function format(
  span: Span,
  name: PrintFunction,
  pieces: () => readonly FormatPiece[],
  values: readonly Checked[],
): Checked {
  return printed(span, name, (common) => ({
    kind: "format",
    ...common,
    pieces: pieces(),
    arguments: values.map((value) => value.build()),
  }));
}

/** `print`, `println`, `printd`, `printdln`: arguments of any type. */
function printValues(body: Body, node: ast.CallExpression, name: PrintFunction): Checked {
  const newline = name.endsWith("ln");
  const isDelimited = takesLiteral(name);
  if (!isDelimited) doubtPrinted(body, name, node.arguments);
  const [first, ...others] = node.arguments;
  let delimiter = "";
  if (isDelimited) {
    if (first?.kind !== "string") return body.refuse(first?.span ?? node.span, messages.literalDelimiter(name));
    delimiter = first.value;
  }
  const values = (isDelimited ? others : node.arguments).map((argument) => {
    const value = checkValue(body, argument);
    body.context.inference.requireValue(value.type, {
      span: argument.span,
      subject: messages.describe(argument),
      reason: () => messages.valueNeeded(),
    });
    return value;
  });
  if (values.length === 0 && !(newline && !isDelimited)) return body.refuse(node.span, messages.nothingToPrint(name));
  const pieces = (): FormatPiece[] =>
    formatForPrint(
      values.map(({ type }) => valueType(type.state)),
      { delimiter, newline },
    );
  return format(node.span, name, pieces, values);
}

function printCharacter(body: Body, node: ast.CallExpression): Checked {
  const [argument, extra] = node.arguments;
  if (!argument || extra) {
    return body.refuse((extra ?? node).span, messages.wrongArgumentCount(node.name, [1], node.arguments.length));
  }
  const value = checkTyped(body, argument, "long", "`print_char`");
  const piece: FormatPiece = { kind: "conversion", conversion: "c", flag: null, width: null, precision: null };
  return format(node.span, "print_char", () => [piece], [value]);
}

/** `printf` and `sprintf`: the format tells the types of the arguments. */
function printFormat(body: Body, node: ast.CallExpression, name: PrintFunction): Checked {
  const [literal, ...others] = node.arguments;
  if (literal?.kind !== "string") return body.refuse(literal?.span ?? node.span, messages.literalFormat(name));
  const parsed = parseFormat(literal.value);
  if ("problem" in parsed) {
    const { message, start, end } = parsed.problem;
    for (const argument of others) checkValue(body, argument);
    return body.refuse(byteSpan(literal, start, end), messages.badFormat(message));
  }
  const { pieces } = parsed;
  const wanted = wantedArguments(pieces);
  const values = others.map((argument, index) => {
    const want = wanted[index];
    if (!want) return checkValue(body, argument);
    const value = checkValue(body, argument);
    body.context.inference.require(value.type, want.type, {
      get span() {
        return directiveSpan(literal, want.ordinal);
      },
      subject: messages.describe(argument),
      reason: (type) => messages.directiveNeeds(want.directive, type),
      hint: messages.directiveHint(want.type),
    });
    return value;
  });
  if (others.length !== wanted.length) {
    const missing = wanted[others.length];
    const place = missing ? directiveSpan(literal, missing.ordinal) : others[wanted.length]!.span;
    return body.refuse(place, messages.formatArgumentCount(wanted.length, others.length));
  }
  return format(node.span, name, () => pieces, values);
}

interface WantedArgument {
  readonly type: "long" | "string";
  /** Such as `%s`, without width and precision. */
  readonly directive: string;
  /** Which of the format's directives wants it. */
  readonly ordinal: number;
}

function wantedArguments(pieces: readonly FormatPiece[]): WantedArgument[] {
  return pieces
    .filter((piece) => piece.kind === "conversion")
    .flatMap((piece, ordinal) => {
      const types = argumentTypes([piece]);
      return types.map((type, index) => ({
        type,
        ordinal,
        directive: index < types.length - 1 ? "*" : `%${piece.conversion}`,
      }));
    });
}

/** The place in the script of a format's directive. */
function directiveSpan(literal: ast.StringLiteral, ordinal: number): Span {
  const directives = [...literal.value.matchAll(/%(?:%|[0+\- #]?(?:\*|\d+)?(?:\.(?:\*|\d+)?)?l?[A-Za-z])/g)];
  const found = directives.filter(([text]) => text !== "%%")[ordinal];
  if (!found) return literal.span;
  return byteSpan(literal, found.index, found.index + found[0].length);
}

/** `print(@hist_log(x))`, which takes nothing else. */
function printHistogram(
  body: Body,
  node: ast.CallExpression,
  name: PrintFunction,
  argument: ast.HistogramOperation,
): Checked {
  const { span } = node;
  if (takesLiteral(name) || name === "print_char" || node.arguments.length !== 1) {
    return body.refuse(argument.span, statisticsMessages.histogramAlone(name));
  }
  const histogram = checkHistogram(body, argument);
  if (!histogram) return wrong(span);
  return printed(span, name, (common) => ({
    kind: "printHistogram",
    ...common,
    histogram: histogram(),
    label: messages.sourceText(argument.target),
  }));
}

/**
 * Every diagnostic of the checker: its code, its sentence and what to do about it. A place that finds a mistake takes
 * its complaint from here, so that this file and those beside it, for probe points, statistics and kernel data, are the
 * list of what the checker can say.
 */
import type { Diagnostic, Diagnostics } from "../diagnostic.js";
import type { Span } from "../source.js";
import { adviceForEmbeddedCode } from "./embedded_code.js";
import { AT_WORDS_ELSEWHERE, FUNCTIONS_ELSEWHERE, NAMES_ELSEWHERE, percentileElsewhere } from "./habits.js";
import { mostSimilar } from "./similar.js";
import type { KnownType } from "./types.js";
import { KIND_NAMES, type Kind } from "./wording.js";

export * from "./wording.js";

/** A diagnostic that has not been given its place yet. */
export type Complaint = Pick<Diagnostic, "code" | "message" | "hint" | "related">;

type Related = { readonly span: Span; readonly message: string } | null | undefined;

export function report(diagnostics: Diagnostics, span: Span, complaint: Complaint): void {
  diagnostics.report({ severity: "error", pass: "semantic", span, ...complaint });
}

export function warn(diagnostics: Diagnostics, span: Span, complaint: Complaint): void {
  diagnostics.report({ severity: "warning", pass: "semantic", span, ...complaint });
}

export function complaint(code: string, message: string, hint?: string | null, related?: Related): Complaint {
  return { code, message, ...(hint ? { hint } : {}), ...(related ? { related } : {}) };
}

// Words that several sentences need.

function plural(count: number | bigint, thing: string): string {
  return `${count} ${thing}${Number(count) === 1 ? "" : "s"}`;
}

export function didYouMean(name: string, known: Iterable<string>, otherwise: string): string {
  const similar = mostSimilar(name, known);
  return similar === null ? otherwise : `Did you mean \`${similar}\`?`;
}

// Types.

interface TypeConflict {
  readonly subject: string;
  readonly has: Kind;
  readonly wants: Kind;
  readonly reason: string;
  readonly hint?: string;
  readonly related: Related;
}

export function typeConflict({ subject, has, wants, reason, hint, related }: TypeConflict): Complaint {
  return complaint(
    "type/conflict",
    `${subject} is ${KIND_NAMES[has]}, but ${reason}`,
    hint ?? conflictHint(has, wants),
    related,
  );
}

function conflictHint(has: Kind, wants: Kind): string {
  if (has === "statistic") return "Take a number out of it: @count(x), @sum(x), @min(x), @max(x) or @avg(x).";
  if (has === "long" && wants === "string") return "Use sprint() to make a string of a number.";
  if (has === "string" && wants === "long") return "Use strtol(text, 10) to make a number of a string.";
  if (wants === "statistic") return "Record numbers with `<<<` in a global of its own; one name cannot hold both.";
  return "Use another name for one of the two.";
}

// Names without a value or a type.

/** What a name without a value may have been meant to be. */
export interface NamesAround {
  /** Variables. */
  readonly known: Iterable<string>;
  /** How many arguments functions of the name take; empty where there are none. */
  readonly arities: readonly number[];
}

export const neverAssigned = (name: string, { known, arities }: NamesAround): Complaint =>
  complaint(
    "name/never-assigned",
    `\`${name}\` is never given a value`,
    missingNameHint(name, arities) ??
      didYouMean(name, known, `Assign to \`${name}\` first, or declare \`global ${name}\` outside the probe.`),
  );

function missingNameHint(name: string, arities: readonly number[]): string | undefined {
  if (arities.length > 0) return `\`${name}\` is a function: write \`${name}(${arities.includes(0) ? "" : "…"})\`.`;
  return NAMES_ELSEWHERE.get(name);
}

export const readsAsEmpty = (name: string, type: KnownType, { known, arities }: NamesAround): Complaint =>
  complaint(
    "name/never-assigned",
    `\`${name}\` is never given a value and reads as ${type === "string" ? '""' : "0"}`,
    missingNameHint(name, arities) ??
      didYouMean(
        name,
        known,
        type === "string"
          ? `Write \`"${name}"\` if that is the text, or assign to \`${name}\` first.`
          : `Assign to \`${name}\` first, or leave it out.`,
      ),
  );

export const unknownType = (name: string): Complaint =>
  complaint(
    "type/unknown",
    `nothing tells whether \`${name}\` is a number or a string`,
    "Use it in a way that tells, such as adding 0 to a number.",
  );

export const unknownGlobalType = (name: string, shape: "unknown" | "scalar" | "array", declaredAt: Span): Complaint =>
  complaint(
    "type/unknown",
    shape === "array"
      ? `nothing tells what \`${name}\` holds`
      : `nothing tells whether \`${name}\` is a number, a string or something else`,
    shape === "array"
      ? `Assign to an element of \`${name}\` first, or record into one with \`<<<\`.`
      : `Give it a value where it is declared, such as \`global ${name} = 0\`, or assign to it.`,
    { span: declaredAt, message: `\`${name}\` is declared here` },
  );

export const onlyGlobalsInCondition = (name: string, globals: Iterable<string>): Complaint =>
  complaint(
    "point/condition",
    `\`${name}\` is no global, and the condition of a probe can use nothing else`,
    didYouMean(name, globals, `Declare \`global ${name}\`, or test it inside the probe with \`if\`.`),
  );

export const assignmentInCondition = (): Complaint =>
  complaint("point/condition", "the condition of a probe cannot assign", "Assign inside the probe.");

export const callInCondition = (name: string): Complaint =>
  complaint(
    "point/condition",
    `the condition of a probe cannot call \`${name}\``,
    "Test it inside the probe with `if`, or keep it in a global.",
  );

// Globals, arrays, elements.

export const declaredTwice = (name: string, first: Span): Complaint =>
  complaint("global/declared-twice", `\`${name}\` is declared twice`, "Remove one of the declarations.", {
    span: first,
    message: "the first declaration",
  });

export const initialisedArray = (name: string): Complaint =>
  complaint(
    "global/initialised-array",
    `\`${name}\` is an array and cannot have an initial value`,
    "Fill it in `probe begin`.",
  );

export const unusedGlobal = (name: string): Complaint =>
  complaint("global/unused", `\`${name}\` is never used`, "Remove it, or use it.");

export const noSuchGlobalForValue = (name: string, globals: Iterable<string>): Complaint =>
  complaint(
    "global/no-such",
    `a value is given for \`${name}\`, but the script declares no such global`,
    didYouMean(name, globals, `Declare \`global ${name}\` in the script.`),
  );

export const valueIsNoNumber = (name: string, text: string): Complaint =>
  complaint("global/value", `\`${name}\` is a number, but its given value is \`${text}\``, "Give a number.");

export const valueOfStatistic = (name: string): Complaint =>
  complaint("global/value", `\`${name}\` is a statistic and cannot start with a value`, "Leave out its value.");

export const noSuchArray = (name: string, globals: Iterable<string>): Complaint =>
  complaint(
    "array/not-global",
    `\`${name}\` is used as an array, but no global is called so`,
    didYouMean(name, globals, `Arrays must be global: declare \`global ${name}\` outside the probe.`),
  );

export const noSuchStatistic = (name: string, globals: Iterable<string>): Complaint =>
  complaint(
    "statistic/not-global",
    `\`${name}\` is used as a statistic, but no global is called so`,
    didYouMean(name, globals, `Statistics must be global: declare \`global ${name}\` outside the probe.`),
  );

interface SnapshotName {
  readonly global: string;
  readonly snapshot: string;
}

/** `known` are names such as `x@before`. */
export const noSuchSnapshot = ({ global, snapshot }: SnapshotName, known: readonly string[]): Complaint => {
  const holding = known.filter((name) => name.startsWith(`${global}@`));
  const sentence = known.some((name) => name.endsWith(`@${snapshot}`))
    ? `the snapshot \`${snapshot}\` holds no global \`${global}\``
    : `there is no snapshot \`${snapshot}\``;
  const otherwise =
    holding.length > 0
      ? `There are ${holding.join(", ")}.`
      : known.length > 0
        ? `There are ${known.join(", ")}.`
        : `\`%snapshot ${snapshot}\` on a line of its own takes one.`;
  return complaint("snapshot/no-such", sentence, didYouMean(`${global}@${snapshot}`, holding, otherwise));
};

export const snapshotWritten = (name: string): Complaint =>
  complaint("snapshot/written", `\`${name}\` is a snapshot, which stays as it is`, "Change the global itself.");

export const deleteOfLocal = (name: string, globals: Iterable<string>): Complaint =>
  complaint(
    "delete/not-global",
    `only globals can be deleted, and \`${name}\` is none`,
    didYouMean(name, globals, `Assign 0 or "" to \`${name}\` instead.`),
  );

export const arrayWithoutKey = (name: string, count: number, related: Related): Complaint =>
  complaint(
    "array/no-key",
    `\`${name}\` is an array and needs a key here`,
    `Give ${plural(count, "key")}: \`${name}[${Array.from({ length: count }, (_, index) => `key${count > 1 ? index + 1 : ""}`).join(", ")}]\`.`,
    related,
  );

export const keyOfScalar = (name: string, related: Related): Complaint =>
  complaint(
    "array/not-array",
    `\`${name}\` is no array`,
    `Use \`${name}\` without a key, or another name for the array.`,
    related,
  );

export const wrongKeyCount = (name: string, wanted: number, given: number, related: Related): Complaint =>
  complaint(
    "array/key-count",
    `\`${name}\` has ${plural(wanted, "key")}, but ${given} ${given === 1 ? "is" : "are"} given`,
    "An array has the same number of keys everywhere.",
    related,
  );

export const wildcardInKey = (): Complaint =>
  complaint("array/wildcard", "`*` means no single element", "Use `*` only with `delete`, `in` and `foreach`.");

export const notAssignable = (text: string): Complaint =>
  complaint("assignment/target", `${text} cannot be assigned to`, "Assign to a variable or to an element of an array.");

// Calls and printing.

/** `isVariable`: something else has that name. */
export const noSuchFunction = (name: string, known: Iterable<string>, isVariable: boolean): Complaint =>
  complaint(
    "call/no-such-function",
    `there is no function \`${name}\``,
    isVariable
      ? `\`${name}\` is a variable: write it without parentheses.`
      : (FUNCTIONS_ELSEWHERE.get(name) ?? didYouMean(name, known, `Define it: \`function ${name}() { … }\`.`)),
  );

export const wrongArgumentCount = (name: string, wanted: readonly number[], given: number): Complaint =>
  complaint(
    "call/argument-count",
    `\`${name}\` takes ${wanted.map(String).join(" or ")} argument${wanted.length === 1 && wanted[0] === 1 ? "" : "s"}, but ${given} ${given === 1 ? "is" : "are"} given`,
    "Give as many arguments as it takes.",
  );

export const nothingAsValue = (text: string): Complaint =>
  complaint("call/no-value", `${text} returns nothing that could be used here`, "Call it as a statement of its own.");

export const noResult = (name: string, definition: Span): Complaint =>
  complaint("call/no-value", `\`${name}\` returns nothing that could be used here`, "Let it `return` a value.", {
    span: definition,
    message: `\`${name}\` is defined here`,
  });

export const refusedFunction = (
  name: string,
  place: "kernel" | "user",
  point: string,
  reason: string | undefined,
  inner: Span | null,
  runsElsewhere: boolean,
): Complaint =>
  complaint(
    place === "kernel" ? "call/not-in-kernel" : "call/not-in-user-space",
    `\`${name}\` cannot be called in \`${point}\`, which runs in ${place === "kernel" ? "the kernel" : "user space"}${reason ? `: ${reason}` : ""}`,
    !runsElsewhere
      ? "It runs nowhere in Tapbook: do without it."
      : place === "kernel"
        ? "Call it in `probe end` or a timer, on what the probe has kept in globals."
        : "Call it in a probe on an event, and keep the result in a global.",
    inner && { span: inner, message: "it is called from here" },
  );

export const neverReached = (name: string, first: Span): Complaint =>
  complaint(
    "function/never-reached",
    `this \`${name}\` is never called, since another of the same name comes first`,
    "Rename it, or let the first one pass on with `next`.",
    { span: first, message: "the one that is called" },
  );

export const literalFormat = (name: string): Complaint =>
  complaint(
    "print/format-literal",
    `\`${name}\` needs its format as a string in quotes`,
    `Write \`${name}("%s", text)\`.`,
  );

export const literalDelimiter = (name: string): Complaint =>
  complaint(
    "print/delimiter-literal",
    `\`${name}\` needs its delimiter as a string in quotes`,
    `Write \`${name}(", ", a, b)\`.`,
  );

export const badFormat = (problem: string): Complaint =>
  complaint("print/format", problem, "Write a percent sign itself as `%%`.");

export const formatArgumentCount = (wanted: number, given: number): Complaint =>
  complaint(
    "print/argument-count",
    `the format takes ${plural(wanted, "argument")}, but ${given} ${given === 1 ? "is" : "are"} given`,
    wanted > given
      ? "Give an argument for each directive; a percent sign itself is `%%`."
      : "Remove the argument, or add a directive for it.",
  );

export const tooManyPrintArguments = (name: string, maximum: number): Complaint =>
  complaint("print/too-many", `\`${name}\` takes at most ${maximum} arguments`, "Print the rest with a second call.");

export const nothingToPrint = (name: string): Complaint =>
  complaint("print/nothing", `\`${name}\` is given nothing to print`, "Give it at least one argument.");

export const directivePrinted = (name: string, directive: string): Complaint =>
  complaint(
    "print/directive",
    `\`${name}\` prints \`${directive}\` as it stands`,
    `Write \`${name.startsWith("s") ? "sprintf" : "printf"}\` for a format.`,
  );

// Statements.

export const shiftOfNoUse = (): Complaint =>
  complaint("statement/no-use", "the result of this shift is not used", "`<<<` records a value in a statistic.");

export const assignmentAsCondition = (): Complaint =>
  complaint(
    "statement/assigned-condition",
    "this assigns, and the condition is what was assigned",
    "Compare with `==`.",
  );

export const jumpOutsideLoop = (kind: "break" | "continue"): Complaint =>
  complaint(
    "statement/outside-loop",
    `\`${kind}\` stands outside every loop`,
    "Leave a probe with `next`, a function with `return`.",
  );

export const returnOutsideFunction = (): Complaint =>
  complaint("statement/outside-function", "`return` stands outside every function", "Leave a probe with `next`.");

export const writtenInOwnLoop = (array: string, by?: string): Complaint =>
  complaint(
    "foreach/written",
    by === undefined
      ? `\`${array}\` is changed inside a loop over itself`
      : `\`${by}\` changes \`${array}\` inside a loop over it`,
    "Change it after the loop, or collect the changes in another array.",
  );

export const tooDeep = (): Complaint =>
  complaint("syntax/too-deep", "this is nested too deeply", "Split it into several statements.");

// What the language has and this version has not.

export const notSupported = (what: string, hint: string): Complaint =>
  complaint("unsupported/expression", `${what} is not supported by this version for this probe`, hint);

export const badPattern = (problem: string): Complaint =>
  complaint(
    "regex/malformed",
    `this is no regular expression: ${problem}`,
    "Put `\\\\` before a character that is meant as itself.",
  );

export const kernelDataHint = (): string => "Use the variables that the probe point brings.";

/** What SystemTap has behind `@`, its library's macros among it, and this version has not. */
const AT_WORDS = "const entry errno".split(" ");

export const atOperation = (name: string): Complaint => {
  if (!AT_WORDS.includes(name)) return noSuchMacro(name);
  return notSupported(`\`@${name}\``, kernelDataHint());
};

export const entryOutsideReturn = (): Complaint =>
  complaint(
    "target/entry-outside-return",
    "`@entry` is known only in the probe on a return",
    'Write it in a probe such as kernel.function("vfs_read").return, not in a function.',
  );

export const entryInEntry = (): Complaint =>
  complaint("target/entry-in-entry", "`@entry` stands inside another `@entry`", "The outer one alone does.");

const KNOWN_AT_WORDS =
  "@count @sum @min @max @avg @variance @median @percentile @hist_log @hist_linear @defined @cast @var @enum @enumname @kderef @perf @probewrite @choose_defined @type_defined @type_member_defined @container_of @cast_sizeof @cast_module_sizeof".split(
    " ",
  );

const noSuchMacro = (name: string): Complaint =>
  complaint(
    "name/no-such-macro",
    `there is no macro \`@${name}\``,
    AT_WORDS_ELSEWHERE.get(name) ??
      percentileElsewhere(name) ??
      didYouMean(`@${name}`, KNOWN_AT_WORDS, `Define it: \`@define ${name} %( … %)\`.`),
  );

/** `@reads[key] = …`, as in bpftrace. */
export const atVariable = (name: string): Complaint =>
  complaint(
    "name/bpftrace-map",
    "variables have no `@` before their names",
    `Declare \`global ${name}\` outside the probe, and write \`${name}[key]++\` to count or \`${name}[key] <<< value\` for statistics.`,
  );

export const textAsCondition = (operator: string): Complaint =>
  complaint(
    "type/conflict",
    `\`${operator}\` joins conditions, and this is a string`,
    `Write each comparison out: \`x == "a" ${operator} x == "b"\`.`,
  );

export const noFractions = (): Complaint =>
  complaint(
    "type/conflict",
    "there are whole numbers only; `.` joins strings",
    "Use a smaller unit, such as milliseconds.",
  );

export const joinedByPlus = (): Complaint =>
  complaint(
    "type/conflict",
    "`+` adds numbers, and this is a string",
    "Join strings with `.`: `text . sprint(number)`.",
  );

export const embeddedCode = (code: string): Complaint =>
  complaint("unsupported/embedded-code", "embedded C cannot run as eBPF", adviceForEmbeddedCode(code));

/** `others`: of the program, which the probe does not bring but a script may name. */
export const noSuchTarget = (name: string, known: readonly string[], others: readonly string[]): Complaint =>
  complaint(
    "name/no-such-target",
    `this probe point has no \`${name}\``,
    known.length === 0
      ? "It brings no variables."
      : `${didYouMean(name, [...known, ...others], "")} It brings ${known.join(", ")}.`.trim(),
  );

export const outOfReach = (name: string, reason: string): Complaint =>
  complaint(
    "name/out-of-reach",
    `\`${name}\` cannot be read here: ${reason}`,
    "At another place of the function it may be known; `@defined` asks whether it is.",
  );

export const probewriteArgument = (): Complaint =>
  complaint(
    "name/probewrite",
    "@probewrite asks of one variable whether the handler changes it",
    "Write the variable's name: `@probewrite(x)`.",
  );

export const probewriteOutsideProbe = (): Complaint =>
  complaint(
    "name/probewrite",
    "@probewrite makes sense only where a probe's handler is known",
    "Use it in the body of an alias or of a probe.",
  );

export const targetOutsideProbe = (name: string): Complaint =>
  complaint(
    "name/target-outside-probe",
    `\`${name}\` is known only in the probe on what it belongs to`,
    "Read it in the probe, and pass it on as an argument.",
  );

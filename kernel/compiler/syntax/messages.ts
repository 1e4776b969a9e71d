/**
 * Every diagnostic of the first pass: its code, its sentence and what to do about it. A place that finds a mistake
 * takes its complaint from here, so that this file is the list of what the pass can say.
 */
import type { Diagnostic } from "../diagnostic.js";
import type { Span } from "../source.js";

/** A diagnostic that has not been given its place yet. */
export type Complaint = Pick<Diagnostic, "code" | "message" | "hint" | "related">;

function complaint(code: string, message: string, hint?: string, related?: Complaint["related"]): Complaint {
  return {
    code: `parse/${code}`,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(related === undefined ? {} : { related }),
  };
}

// The lexer's.

export const strangeCharacter = (text: string): Complaint =>
  complaint("strange-character", `\`${text}\` means nothing in this language`, "Remove it, or put it inside a string.");

/** `value`: what stands between the quotes, if they are two. */
export const singleQuote = (value = ""): Complaint =>
  complaint(
    "single-quote",
    "single quotes mean nothing in this language",
    value.length === 1
      ? `Write a string in double quotes: "text"; the number of this character is ${value.charCodeAt(0)}.`
      : 'Write a string in double quotes: "text".',
  );

/** `continues`: the text ends after a backslash, so that more may come. */
export const unclosedString = (continues: boolean): Complaint =>
  complaint(
    continues ? "unfinished-string" : "unclosed-string",
    "this string has no closing quote",
    'Close it with `"` on the same line; write a line break inside a string as \\n.',
  );

export const UNCLOSED_STRING = "parse/unclosed-string";

export const unclosedComment = (): Complaint =>
  complaint("unclosed-comment", "this comment is never closed", "Close it with `*/`.");

export const unclosedEmbeddedCode = (): Complaint =>
  complaint("unclosed-embedded-code", "this embedded C code is never closed", "Close it with `%}`.");

/** `name`: what stands behind it. */
export const bareAt = (name: string): Complaint =>
  complaint(
    "bpftrace-map",
    "variables have no `@` before their names",
    `Declare \`global ${name}\` outside the probe, and write \`${name}[key]++\` to count or \`${name}[key] <<< value\` for statistics.`,
  );

export const malformedNumber = (text: string): Complaint =>
  complaint(
    "malformed-number",
    `\`${text}\` is not a number`,
    "Write numbers in decimal, as 0x1f in hexadecimal, or as 017 in octal; a name cannot start with a digit.",
  );

export const numberTooLarge = (text: string): Complaint =>
  complaint(
    "number-too-large",
    `${text.length > 40 ? `${text.slice(0, 40)}…` : text} does not fit into 64 bits`,
    "The largest number that can be written is 18446744073709551615, which means -1.",
  );

export const missingArgument = (text: string, count: number): Complaint =>
  complaint(
    "missing-argument",
    `\`${text}\` refers to a script argument that was not given; there ${count === 1 ? "is 1" : `are ${count}`}`,
    "Give the script more arguments, or test `$#` with `%( $# > 0 %? … %: … %)`.",
  );

export const nestedArgument = (text: string): Complaint =>
  complaint(
    "nested-argument",
    `\`${text}\` stands inside a script argument, where it is not replaced`,
    "Write the value itself in the argument.",
  );

export const unusedArguments = (numbers: readonly number[]): Complaint =>
  complaint(
    "unused-argument",
    `script argument${numbers.length > 1 ? "s" : ""} ${numbers.join(", ")} ${numbers.length > 1 ? "are" : "is"} never used`,
    `Refer to it as $${numbers[0]} for its plain text or @${numbers[0]} for a string.`,
  );

// The preprocessor's.

export const malformedDefinition = (expected: string, saw: string): Complaint =>
  complaint(
    "malformed-definition",
    `expected ${expected} in this macro definition, saw ${saw}`,
    "Define a macro as `@define name(a, b) %( @a + @b %)` and use it as `@name(1, 2)`.",
  );

export const nestedDefinition = (): Complaint =>
  complaint(
    "nested-definition",
    "a macro cannot be defined inside another macro",
    "Move this `@define` before the other one.",
  );

export const unclosedDefinition = (): Complaint =>
  complaint("unclosed-definition", "the body of this macro is never closed", "Close it with `%)`.");

export const duplicateMacro = (name: string, first: Span): Complaint =>
  complaint("duplicate-macro", `the macro @${name} is defined twice in this text`, "Give one of them another name.", {
    message: "it is defined here first",
    span: first,
  });

export const macroArguments = (name: string, expected: number, given: number, definition: Span): Complaint =>
  complaint(
    "macro-arguments",
    `the macro @${name} takes ${expected} argument${expected === 1 ? "" : "s"}, ${given} given`,
    "Separate the arguments by commas; a comma inside parentheses belongs to its argument.",
    { message: "the macro is defined here", span: definition },
  );

export const macroNeedsArguments = (name: string, expected: number, definition: Span): Complaint =>
  complaint(
    "macro-arguments",
    `the macro @${name} takes ${expected} argument${expected === 1 ? "" : "s"} in parentheses, none given`,
    `Write @${name}(…).`,
    { message: "the macro is defined here", span: definition },
  );

export const unclosedMacroCall = (name: string): Complaint =>
  complaint("unclosed-macro-call", `the arguments of @${name} are never closed`, "Close them with `)`.");

export const recursiveMacro = (name: string, definition: Span): Complaint =>
  complaint(
    "recursive-macro",
    `the macro @${name} uses itself`,
    "Use a function: functions may call themselves, macros may not.",
    { message: "the macro is defined here", span: definition },
  );

export const expansionTooLarge = (): Complaint =>
  complaint("expansion-too-large", "the macros of this text expand to too much", "Use functions in place of macros.");

export const unclosedConditional = (): Complaint =>
  complaint("unclosed-conditional", "this `%(` is never closed", "Close it with `%)`.");

export const strayConditional = (text: string): Complaint =>
  complaint(
    "stray-conditional",
    `\`${text}\` stands outside any \`%( … %)\``,
    "A preprocessor condition reads `%( condition %? tokens %: tokens %)`.",
  );

export const malformedCondition = (expected: string, saw: string): Complaint =>
  complaint(
    "malformed-condition",
    `expected ${expected} in this preprocessor condition, saw ${saw}`,
    'Write it as `%( kernel_v >= "6.1" && arch == "x86_64" %? … %: … %)`; parentheses are not allowed.',
  );

export const unknownCondition = (name: string): Complaint =>
  complaint(
    "unknown-condition",
    `\`${name}\` cannot be tested by the preprocessor`,
    "Test kernel_v, kernel_vr, arch, runtime, systemtap_v, systemtap_privilege, guru_mode, CONFIG_…, a string or a number.",
  );

export const conditionType = (name: string, expected: string): Complaint =>
  complaint("condition-type", `${name} is compared with ${expected} only`, `Write ${expected} on the right side.`);

export const conditionOperator = (name: string, operator: string): Complaint =>
  complaint("condition-operator", `${name} cannot be compared by \`${operator}\``, "Use `==` or `!=`.");

// The parser's.

export const unexpected = (expected: string, saw: string, hint?: string): Complaint =>
  complaint("unexpected-token", `expected ${expected}, saw ${saw}`, hint);

/** `isList`: a comma could have followed, too. */
export const unclosedBracket = (closer: string, saw: string, opener: string, span: Span, isList: boolean): Complaint =>
  complaint(
    "unclosed-bracket",
    `expected ${isList ? "`,` or " : ""}\`${closer}\`, saw ${saw}`,
    wordOperatorHint(saw) ??
      `${isList ? "Separate by commas, or close" : "Close"} the \`${opener}\` with \`${closer}\`.`,
    { message: `the \`${opener}\` is here`, span },
  );

/** `here`: the same point in this language. */
export const bpftraceProbe = (text: string, here: string): Complaint =>
  complaint("bpftrace-probe", `\`${text}\` is a probe of bpftrace`, `Here that is \`probe ${here} { … }\`.`);

export const missingProbe = (point: string): Complaint =>
  complaint("missing-probe", "a probe begins with the word `probe`", `Write \`probe ${point} { … }\`.`);

export const filterInSlashes = (): Complaint =>
  complaint(
    "filter",
    "a probe has no filter between slashes",
    "Begin the handler with `if (!(condition)) next`; a condition on globals may stand behind the point, as `if (condition)`.",
  );

export const wordNot = (): Complaint => complaint("word-operator", "there is no operator `not`", "Write `!`.");

export const secondKey = (): Complaint =>
  complaint("second-key", "an element has one pair of brackets", "Put all parts of the key into it: `x[a, b]`.");

export const keysWithoutBrackets = (first: string, second: string, array: string): Complaint =>
  complaint(
    "keys-without-brackets",
    "several keys stand in brackets",
    `Write \`foreach ([${first}, ${second}] in ${array})\` for keys of two parts, or \`foreach (${second} = ${first} in ${array})\` to have the value, too.`,
  );

function wordOperatorHint(saw: string): string | undefined {
  if (saw === "`and`") return "Did you mean `&&`?";
  return saw === "`or`" ? "Did you mean `||`?" : undefined;
}

/** A loop or a branch ends before its statement. */
export const bodyExpected = (saw: string): Complaint =>
  complaint("body-expected", `expected a statement, saw ${saw}`, "Write a statement, a block `{ … }` or `;`.");

export const BODY_EXPECTED = "parse/body-expected";

/** What more text could mend though it is reported before the end of the text. */
export const CONTINUABLE: ReadonlySet<string> = new Set(
  [
    "unfinished-string",
    "unclosed-comment",
    "unclosed-embedded-code",
    "unclosed-definition",
    "unclosed-macro-call",
    "unclosed-conditional",
  ].map((code) => `parse/${code}`),
);

export const membershipOperand = (operator: string): Complaint =>
  complaint(
    "membership-operand",
    `\`${operator}\` cannot follow \`in\`, which binds looser`,
    "Put the test into parentheses: `(x in array) == 1`.",
  );

export const missingBrace = (saw: string, span: Span): Complaint =>
  complaint("missing-brace", `a \`}\` is missing before ${saw}`, "Close the block with `}`.", {
    message: "this block is still open",
    span,
  });

export const strayBrace = (): Complaint =>
  complaint("stray-brace", "this `}` closes nothing", "Remove it, or add the `{` that it should close.");

export const nestedDeclaration = (keyword: string): Complaint =>
  complaint(
    "nested-declaration",
    `\`${keyword}\` cannot stand inside a block`,
    keyword === "global" || keyword === "private"
      ? "Declare globals outside probes and functions; a variable of one handler needs no declaration."
      : "Close the block with `}` first.",
  );

export const declaredType = (keyword: string): Complaint =>
  complaint(
    "declared-type",
    `a variable is not declared with \`${keyword}\``,
    "Just assign to it, its type is inferred. Arrays and statistics must be global: `global name`.",
  );

export const bareStatement = (saw: string, suggestion: string | undefined): Complaint =>
  complaint(
    "statement-outside-probe",
    `expected probe, global, private or function, saw ${saw}`,
    suggestion === undefined
      ? "Put statements into a probe: `probe begin { … }`. Only notebook cells may hold bare statements."
      : `Did you mean \`${suggestion}\`?`,
  );

export const misspeltKeyword = (word: string, keyword: string): Complaint =>
  complaint("misspelt-keyword", `\`${word}\` is no keyword`, `Did you mean \`${keyword}\`?`);

export const strayElse = (): Complaint =>
  complaint("stray-else", "this `else` belongs to no `if`", "Put it right after the statement or block of an `if`.");

export const strayCatch = (): Complaint =>
  complaint("stray-catch", "this `catch` belongs to no `try`", "Write `try { … } catch (message) { … }`.");

export const missingCatch = (saw: string): Complaint =>
  complaint(
    "missing-catch",
    `expected catch, saw ${saw}`,
    "A `try { … }` needs a `catch { … }` or `catch (message) { … }`.",
  );

export const foreachExpected = (): Complaint =>
  complaint(
    "foreach-expected",
    "`for` does not walk over an array",
    "Did you mean `foreach`? Write `foreach (key in array)`.",
  );

export const sortedTwice = (first: Span): Complaint =>
  complaint("sorted-twice", "a foreach loop sorts by one mark only", "Keep the `+` or `-` that should count.", {
    message: "the first mark is here",
    span: first,
  });

export const sortExtractor = (text: string): Complaint =>
  complaint(
    "sort-extractor",
    `a foreach loop cannot sort by \`${text}\``,
    "Sort by @count, @sum, @min, @max, @avg, @variance, @median or @percentile(99).",
  );

export const keywordAsName = (keyword: string): Complaint =>
  complaint("keyword-as-name", `\`${keyword}\` is a keyword`, "Take another name.");

export const notAssignable = (operator: string): Complaint =>
  complaint(
    "not-assignable",
    `the left side of \`${operator}\` cannot be assigned to`,
    "Assign to a variable, an array element or a `$` variable; compare with `==`.",
  );

export const notIncrementable = (operator: string): Complaint =>
  complaint(
    "not-assignable",
    `\`${operator}\` needs a variable, an array element or a \`$\` variable`,
    "Write `+ 1` or `- 1` to compute with a value.",
  );

export const tupleOutsideIn = (saw: string): Complaint =>
  complaint(
    "tuple-outside-in",
    `expected \`in\` after this list of keys, saw ${saw}`,
    "`[a, b] in array` tests for an element. There are no array values: arrays must be global, and are filled element by element.",
  );

export const patternExpected = (operator: string, saw: string): Complaint =>
  complaint(
    "pattern-expected",
    `the right side of \`${operator}\` must be a string literal, saw ${saw}`,
    "Write the pattern in double quotes, since it is compiled ahead; to assign a complement write `= ~`, to compare texts write `==`.",
  );

export const notChainable = (operator: string): Complaint =>
  complaint("not-chainable", `\`${operator}\` cannot follow another comparison`, "Put one of them into parentheses.");

export const addressOperand = (): Complaint =>
  complaint(
    "address-operand",
    "`&` takes the address of kernel or user data only",
    "Write it before a `$` variable, a member `->` or an @cast, such as `&$file->f_path`.",
  );

export const strayDollar = (text: string): Complaint =>
  complaint(
    "stray-dollar",
    `\`${text}\` prints no context variable`,
    "Write `$name$` or `$name$$` to print a structure, `$name` for the variable itself.",
  );

export const literalExpected = (what: string, saw: string, hint = "Write a number or a string there."): Complaint =>
  complaint("literal-expected", `${what} must be a literal, saw ${saw}`, hint);

export const arrayLiteral = (name: string): Complaint =>
  complaint(
    "array-literal",
    "an array has no initial value",
    `Write \`global ${name}\`: it is empty, and elements are there once they are assigned to.`,
  );

export const emptyArgument = (name: string): Complaint =>
  complaint("empty-argument", `\`${name}()\` has no argument`, `Write \`${name}\` or \`${name}("…")\`.`);

export const misplacedMark = (mark: string): Complaint =>
  complaint(
    "misplaced-mark",
    `\`${mark}\` may follow only the last part of a probe point`,
    mark === "?" ? "Use `*` as a wildcard; `?` marks the whole point as optional." : "Move it to the end of the point.",
  );

export const tooManyPoints = (limit: number): Complaint =>
  complaint(
    "too-many-points",
    `the braces of this probe expand to more than ${limit} points`,
    "Use `*`, or fewer braces.",
  );

export const aliasName = (): Complaint =>
  complaint(
    "alias-name",
    "an alias has one plain name",
    "Write `probe name = point, point { … }`, with no marks, conditions, wildcards or arguments in the name.",
  );

export const arraySize = (largest: bigint): Complaint =>
  complaint("array-size", `an array has room for 1 to ${largest} elements`, "Leave the size out for the default.");

export const mixedAlias = (): Complaint =>
  complaint(
    "mixed-alias",
    "`=` and `+=` cannot be mixed in one definition",
    "Write `probe name = points { before }, { after }` to run code on both sides.",
  );

export const epilogueWithAppend = (): Complaint =>
  complaint(
    "epilogue-with-append",
    "`+=` takes one block, which runs after the probe's own",
    "Write `probe name = points { before }, { after }` to run code on both sides.",
  );

export const tooDeep = (limit: number): Complaint =>
  complaint("too-deep", `this is nested more than ${limit} levels deep`, "Split it up with variables or functions.");

export const tooManyErrors = (limit: number): Complaint =>
  complaint("too-many-errors", `more than ${limit} mistakes; the rest of the text was not read`, "Mend these first.");

/** `foreach`, whose head has a grammar of its own. */
import type {
  Expression,
  ForeachSort,
  ForeachStatement,
  HistogramOperation,
  Identifier,
  NumberLiteral,
  SortDirection,
} from "./ast.js";
import type { Cursor } from "./cursor.js";
import { parseExpression, parseKey, parseName } from "./expressions.js";
import * as messages from "./messages.js";
import { isExtractor, parseHistogram, parseNumber } from "./primaries.js";
import { withSnapshot } from "./snapshot_names.js";

type Head = Omit<ForeachStatement, "kind" | "span" | "body">;

/** `(value- = [key+, key] in array[*, x] @sum- limit n`, without the closing parenthesis. */
export function parseForeachHead(cursor: Cursor): Head {
  const sorts: ForeachSort[] = [];
  const { value, keys } = parseVariables(cursor, sorts);
  if (cursor.at(",") && keys.length === 1) failAtKeys(cursor, value ?? keys[0]!);
  cursor.expect("in", "Write `foreach (key in array)` or `foreach ([key, key] in array)`.");
  const collection = parseCollection(cursor);
  const slice = cursor.at("[") ? parseKey(cursor, true) : null;
  parseCollectionMark(cursor, sorts);
  const limit: Expression | null = cursor.accept("limit") ? parseExpression(cursor) : null;
  return { keys, value, collection, slice, sort: sorts[0] ?? null, limit };
}

/** `k, v in x` */
function failAtKeys(cursor: Cursor, { name }: Identifier): void {
  const comma = cursor.take();
  const second = cursor.take();
  const array = cursor.at("in") ? cursor.following.text : "array";
  cursor.fail(messages.keysWithoutBrackets(name, second.text, array), comma);
}

function parseVariables(cursor: Cursor, sorts: ForeachSort[]): Pick<Head, "value" | "keys"> {
  if (cursor.at("[")) return { value: null, keys: parseTuple(cursor, sorts) };
  const first = parseName(cursor, "a variable for the key");
  // In `v-=k` the mark and the sign are one token.
  const glued = cursor.accept("+=") ?? cursor.accept("-=");
  if (glued) addSort(cursor, sorts, { by: byValue(), direction: directionOf(glued.text), span: glued.span });
  else {
    const mark = cursor.accept("+") ?? cursor.accept("-");
    const isValue = cursor.at("=");
    const by: ForeachSort["by"] = isValue ? byValue() : { kind: "key", column: 0 };
    if (mark) addSort(cursor, sorts, { by, direction: directionOf(mark.text), span: mark.span });
    if (!isValue) return { value: null, keys: [first] };
    cursor.take();
  }
  if (cursor.at("[")) return { value: first, keys: parseTuple(cursor, sorts) };
  return { value: first, keys: [parseKeyVariable(cursor, sorts, 0)] };
}

function parseTuple(cursor: Cursor, sorts: ForeachSort[]): readonly Identifier[] {
  const opener = cursor.open("[");
  const keys: Identifier[] = [];
  do keys.push(parseKeyVariable(cursor, sorts, keys.length));
  while (cursor.accept(","));
  cursor.close(opener, true);
  return keys;
}

function parseKeyVariable(cursor: Cursor, sorts: ForeachSort[], column: number): Identifier {
  const name = parseName(cursor, "a variable for the key");
  const mark = cursor.accept("+") ?? cursor.accept("-");
  if (mark) addSort(cursor, sorts, { by: { kind: "key", column }, direction: directionOf(mark.text), span: mark.span });
  return name;
}

function parseCollection(cursor: Cursor): Identifier | HistogramOperation {
  if (cursor.at("@hist_log") || cursor.at("@hist_linear")) return parseHistogram(cursor, parseExpression);
  if (cursor.token.text.startsWith("@"))
    cursor.unexpected(
      "the name of an array",
      `Sort behind the name: \`foreach (key in array ${cursor.token.text}-)\`.`,
    );
  return withSnapshot(cursor, parseName(cursor, "the name of an array"));
}

function parseCollectionMark(cursor: Cursor, sorts: ForeachSort[]): void {
  const word = cursor.token;
  const hasExtractor = word.kind === "operator" && word.text.startsWith("@");
  let by = byValue();
  if (hasExtractor) {
    const name = word.text.slice(1);
    if (isExtractor(name)) by = { kind: "value", extractor: name };
    else cursor.fail(messages.sortExtractor(word.text));
    cursor.take();
    if (name === "percentile") by = { ...by, percent: parsePercent(cursor) };
  }
  const mark = cursor.accept("+") ?? cursor.accept("-");
  if (mark) addSort(cursor, sorts, { by, direction: directionOf(mark.text), span: mark.span });
  else if (hasExtractor) cursor.unexpected("`+` or `-`", `Write \`${word.text}-\` to have the largest first.`);
}

/** `(99)`, of `@percentile(99)-`; the statistic is the array's element. */
function parsePercent(cursor: Cursor): NumberLiteral {
  const opener = cursor.open("(", "Write which one of a hundred: `@percentile(99)-`.");
  const percent = parseNumber(cursor, "a percentage");
  cursor.close(opener);
  return percent;
}

type ByValue = Extract<ForeachSort["by"], { readonly kind: "value" }>;

function byValue(): ByValue {
  return { kind: "value", extractor: null };
}

function directionOf(mark: string): SortDirection {
  return mark.startsWith("+") ? "ascending" : "descending";
}

function addSort(cursor: Cursor, sorts: ForeachSort[], sort: ForeachSort): void {
  const first = sorts[0];
  if (first) cursor.report(messages.sortedTwice(first.span), sort);
  sorts.push(sort);
}

/** What histograms and unread globals must look like, written from the rules of the language and not from our code. */

/** One row of a drawing before it is laid out. */
interface Row {
  readonly label: string;
  readonly count: number;
}

interface Plan {
  /** Every bucket there is. */
  readonly rows: readonly Row[];
  /** The rows that are never drawn while they hold nothing. */
  readonly hiddenWhenEmpty: ReadonlySet<number>;
  /** Drawing never starts below this one unless something was counted there. */
  readonly floor: number;
  readonly valueWidth: (first: number, last: number) => number;
}

const MARGIN = 2;

/** `-D HIST_ELISION` and `-D HIST_WIDTH`. */
export interface Drawing {
  readonly elision: number;
  readonly longestBar: number;
}

const USUAL: Drawing = { elision: 2, longestBar: 50 };

function draw({ rows, hiddenWhenEmpty, floor, valueWidth }: Plan, { elision, longestBar }: Drawing): string {
  const occupied = rows.flatMap(({ count }, index) => (count > 0 ? [index] : []));
  const [lowest, highest] = [occupied[0]!, occupied.at(-1)!];
  const shown = rows.flatMap((_, index) => {
    if (index < lowest - MARGIN || index > highest + MARGIN) return [];
    if (index < floor && lowest >= floor) return [];
    return hiddenWhenEmpty.has(index) && rows[index]!.count === 0 ? [] : [index];
  });
  const largest = Math.max(...rows.map(({ count }) => count));
  const scale = largest <= longestBar ? 1 : Math.ceil(largest / longestBar);
  const width = valueWidth(shown[0]!, shown.at(-1)!);
  const columns = longestBar + 1 + String(largest).length;
  const text = [`${"value".padStart(width)} |${"-".repeat(longestBar)} count\n`];
  let gap = false;
  for (const index of shown) {
    const isLonely = elision >= 0 && occupied.every((other) => Math.abs(other - index) > elision);
    if (isLonely) {
      gap = true;
      continue;
    }
    // A gap is marked between rows and before the first, never behind the last.
    if (gap) text.push(`${" ".repeat(width)} ~\n`);
    gap = false;
    const { label, count } = rows[index]!;
    const bar = "@".repeat(Math.floor(count / scale));
    const number = String(count);
    text.push(`${label.padStart(width)} |${bar}${" ".repeat(columns - bar.length - number.length)}${number}\n`);
  }
  return `${text.join("")}\n`;
}

/** Labels of the logarithmic buckets: -2^63 … -2 -1 0 1 2 … 2^62. */
const LOG_LABELS: readonly bigint[] = [
  ...Array.from({ length: 64 }, (_, index) => -(2n ** BigInt(63 - index))),
  0n,
  ...Array.from({ length: 63 }, (_, index) => 2n ** BigInt(index)),
];

/** The drawing of `@hist_log`. */
export function drawnByPowersOfTwo(values: readonly bigint[], drawing = USUAL): string {
  const counts = LOG_LABELS.map(() => 0);
  for (const value of values) {
    const size = value < 0n ? -value : value;
    // The label nearest to zero that is not beyond the value's own size.
    const labels = LOG_LABELS.filter((label) => label === 0n || label < 0n === value < 0n);
    const label = labels.reduce((best, one) => {
      const [a, b] = [one < 0n ? -one : one, best < 0n ? -best : best];
      return a <= size && a > b ? one : best;
    }, 0n);
    counts[LOG_LABELS.indexOf(label)]!++;
  }
  const plan: Plan = {
    rows: LOG_LABELS.map((label, index) => ({ label: String(label), count: counts[index]! })),
    hiddenWhenEmpty: new Set(),
    floor: LOG_LABELS.indexOf(0n),
    valueWidth: (first, last) => Math.max(5, String(LOG_LABELS[first]).length, String(LOG_LABELS[last]).length),
  };
  return draw(plan, drawing);
}

/** The drawing of `@hist_linear`. */
export function drawnByEqualSteps(
  values: readonly number[],
  { low, high, step }: { readonly low: number; readonly high: number; readonly step: number },
  drawing = USUAL,
): string {
  const starts: number[] = [];
  for (let start = low; start <= high; start += step) starts.push(start);
  const beyond = starts.at(-1)! + step;
  const rows: Row[] = [
    { label: `<${low}`, count: values.filter((value) => value < low).length },
    ...starts.map((start) => ({
      label: String(start),
      count: values.filter((value) => value >= start && value < start + step).length,
    })),
    { label: `>${starts.at(-1)}`, count: values.filter((value) => value >= beyond).length },
  ];
  const end = rows.length - 1;
  const plan: Plan = {
    rows,
    hiddenWhenEmpty: new Set([0, end]),
    floor: 0,
    valueWidth: (first, last) =>
      Math.max(
        5,
        String(low).length + (first === 0 ? 1 : 0),
        String(low + step * last).length + (last === end ? 1 : 0),
      ),
  };
  return draw(plan, drawing);
}

export type Value = bigint | string;

/** An element of an array, or a scalar under the empty key. */
export interface Element {
  readonly key: readonly Value[];
  readonly value: Value | readonly bigint[];
}

const written = (value: Value): string => (typeof value === "string" ? `"${value}"` : `${value}`);

/** A global's lines at the end of a script; the elements' values differ, or their counts where they are statistics. */
export function printedAtTheEnd(name: string, elements: readonly Element[]): string {
  const rank = ({ value }: Element): Buffer | bigint => {
    if (typeof value === "string") return Buffer.from(value, "utf8");
    return typeof value === "bigint" ? value : BigInt(value.length);
  };
  const isLess = (left: Element, right: Element): boolean => {
    const [a, b] = [rank(left), rank(right)];
    return typeof a === "bigint" ? a < (b as bigint) : Buffer.compare(a, b as Buffer) < 0;
  };
  const inOrder = elements.toSorted((left, right) => (isLess(left, right) ? 1 : -1));
  return inOrder
    .map(({ key, value }) => `${name}${key.length > 0 ? `[${key.map(written).join(",")}]` : ""}${valueText(value)}\n`)
    .join("");
}

function valueText(value: Value | readonly bigint[]): string {
  if (typeof value === "bigint" || typeof value === "string") return `=${written(value)}`;
  if (value.length === 0) return " @count=0x0";
  const sum = value.reduce((total, one) => total + one, 0n);
  const least = value.reduce((best, one) => (one < best ? one : best));
  const greatest = value.reduce((best, one) => (one > best ? one : best));
  const average = sum / BigInt(value.length);
  return ` @count=${value.length} @min=${least} @max=${greatest} @sum=${sum} @avg=${average}`;
}

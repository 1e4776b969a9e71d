/** Numbers for people: digits in groups, and units that fit the size. */

/** A narrow space that no line is broken at. */
const GROUP_SEPARATOR = "\u202f";

/** The digits of a number in groups of three: exact, and alike in every language. */
export function groupDigits(value: bigint): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, GROUP_SEPARATOR);
}

interface UnitStep {
  readonly name: string;
  readonly size: number;
}

/** For what is longer than anybody counts in seconds. */
const LONG_STEPS: readonly (UnitStep & { readonly from: number })[] = [
  { name: "y", size: 365.25 * 86_400e9, from: 2 * 365.25 * 86_400e9 },
  { name: "d", size: 86_400e9, from: 2 * 86_400e9 },
];

const TIME_STEPS: readonly UnitStep[] = [
  { name: "s", size: 1e9 },
  { name: "ms", size: 1e6 },
  { name: "µs", size: 1e3 },
  { name: "ns", size: 1 },
];

const BINARY_PREFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** What a unit measures, as far as that tells how to scale it. */
export type Dimension = { readonly kind: "time"; readonly nanoseconds: number } | { readonly kind: "bytes" } | null;

export function dimensionOf(unit: string | undefined): Dimension {
  if (unit === "B" || unit === "byte" || unit === "bytes") return { kind: "bytes" };
  const step = TIME_STEPS.find(({ name }) => name === (unit === "us" ? "µs" : unit));
  return step ? { kind: "time", nanoseconds: step.size } : null;
}

/** A quantity in three digits and a fitting unit where its unit can be scaled, else exact. */
export function readableQuantity(value: bigint, unit: string | undefined): string {
  const dimension = dimensionOf(unit);
  if (dimension?.kind === "time") return scaleTime(value, dimension.nanoseconds, threeDigits);
  if (dimension?.kind === "bytes") return `${scaleBinary(value, " ", threeDigits)}B`;
  return unit ? `${groupDigits(value)} ${unit}` : groupDigits(value);
}

/** A quantity to the last digit. */
export function exactQuantity(value: bigint, unit: string | undefined): string {
  return unit ? `${groupDigits(value)} ${unit}` : groupDigits(value);
}

/** The label of a tick at a power of two: short, and rounded rather than pretending that 1024 is 1000. */
export function powerLabel(value: bigint, unit: string | undefined): string {
  const dimension = dimensionOf(unit);
  if (dimension?.kind === "time") return scaleTime(value, dimension.nanoseconds, twoDigits);
  if (dimension?.kind === "bytes") return `${scaleBinary(value, " ", twoDigits)}B`;
  return scaleBinary(value, "", twoDigits);
}

/** A Vega expression for the label of any tick of an axis, null where the plain number will do. */
export function tickExpression(unit: string | undefined): string | null {
  const dimension = dimensionOf(unit);
  if (dimension?.kind === "bytes") return "format(datum.value, '~s') + 'B'";
  if (dimension === null) return null;
  const long = LONG_STEPS.map(({ name, size, from }) => {
    const [least, inUnits] = [from, size].map((nanoseconds) => nanoseconds / dimension.nanoseconds);
    return `abs(datum.value) >= ${least} ? format(datum.value / ${inUnits}, '.3~r') + ' ${name}'`;
  });
  const ladder = TIME_STEPS.map(({ name, size }) => {
    const inUnits = size / dimension.nanoseconds;
    return `abs(datum.value) >= ${inUnits} ? format(datum.value / ${inUnits}, '~r') + ' ${name}'`;
  });
  return `${[...long, ...ladder].join(" : ")} : format(datum.value, '~r')`;
}

function scaleTime(value: bigint, nanosecondsPerUnit: number, round: (scaled: number) => string): string {
  const nanoseconds = Number(value) * nanosecondsPerUnit;
  if (nanoseconds === 0) return "0";
  const step = LONG_STEPS.find(({ from }) => Math.abs(nanoseconds) >= from) ??
    TIME_STEPS.find(({ size }) => Math.abs(nanoseconds) >= size) ?? { name: "ns", size: 1 };
  return `${round(nanoseconds / step.size)} ${step.name}`;
}

function scaleBinary(value: bigint, space: string, round: (scaled: number) => string): string {
  const bits = (value < 0n ? -value : value).toString(2).length - 1;
  const prefix = Math.min(Math.floor(bits / 10), BINARY_PREFIXES.length - 1);
  return `${round(Number(value) / 1024 ** prefix)}${space}${BINARY_PREFIXES[prefix]}`;
}

function threeDigits(scaled: number): string {
  const decimals = Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
  return dropZeros(scaled.toFixed(decimals));
}

function twoDigits(scaled: number): string {
  return dropZeros(scaled.toFixed(Math.abs(scaled) >= 10 ? 0 : 1));
}

function dropZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

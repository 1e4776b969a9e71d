/** The axis on which a trace runs: seconds since its start, in minutes or hours where that reads better. */

const STEPS = [
  { unit: "h", seconds: 3600, from: 3 * 3600 },
  { unit: "min", seconds: 60, from: 180 },
  { unit: "s", seconds: 1, from: 0 },
] as const;

/** For a field in seconds; `end` is the last of them. */
export function timeAxis(end: number) {
  const { unit, seconds } = STEPS.find(({ from }) => end >= from) ?? STEPS[2];
  return {
    title: `time since the start (${unit})`,
    axis: {
      labelExpr: seconds === 1 ? "format(datum.value, '~r')" : `format(datum.value / ${seconds}, '~r')`,
      values: ticks(end / seconds).map((tick) => tick * seconds),
      grid: false,
    },
  };
}

/** Up to ten round numbers from zero on. */
function ticks(end: number): number[] {
  if (end <= 0) return [0];
  const size = 10 ** Math.floor(Math.log10(end / 8));
  const step = [1, 2, 5, 10].map((factor) => factor * size).find((candidate) => end / candidate <= 9) ?? 10 * size;
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

/** A moment as a tooltip says it. */
export function secondsText(seconds: number): string {
  return `${Number(seconds.toFixed(2))} s`;
}

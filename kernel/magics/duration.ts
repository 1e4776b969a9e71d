const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** `500ms`, `10s`, `2m`, `1h`, a number alone being seconds; null for what is none of that. */
export function durationSeconds(text: string): number | null {
  const { value, unit = "s" } = /^(?<value>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)?$/.exec(text)?.groups ?? {};
  return value === undefined ? null : Number(value) * (SECONDS[unit] ?? 1);
}

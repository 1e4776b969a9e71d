/** What a run complained of, in the short form of `error` blocks. */

/** Lines of an excerpt: the place, the source line, the carets, a second place, what to do. */
const DETAIL = /^(?: *--> | *\d* \| |note: |hint: )/;
/** Ends every run that was not flawless; how long it took is nobody's expectation. */
const SUMMARY = /^(?:WARNING: Number of errors: |events \d+ · )/;

/** `CODE LINE:COLUMN` for each diagnostic, `warning ` before it where it is one; run-time messages as they are. */
export function complaintsOf(output: string): string[] {
  const complaints: string[] = [];
  let pending: string | null = null;
  for (const line of output.split("\n")) {
    const head = /^(?<severity>error|warning): .* \[(?<code>[\w-]+\/[\w-]+)\]$/.exec(line)?.groups;
    const place = /^ *--> .*:(?<line>\d+):(?<column>\d+)$/.exec(line)?.groups;
    if (head) pending = `${head["severity"] === "warning" ? "warning " : ""}${head["code"]}`;
    else if (place && pending !== null) {
      complaints.push(`${pending} ${place["line"]}:${place["column"]}`);
      pending = null;
    } else if (line !== "" && !DETAIL.test(line) && !SUMMARY.test(line)) complaints.push(line);
  }
  return complaints;
}

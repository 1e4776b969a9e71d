/** What words of other languages mean, bpftrace, awk and C above all, and how that is said here. */

const DECLARATION = "A variable is not declared: assign to it, and its type is inferred.";

const words = (list: string, hint: string): [string, string][] => list.split(" ").map((word) => [word, hint]);

/** Names that stand where a variable does. */
export const NAMES_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ...words("int char unsigned short bool var let double float auto my", DECLARATION),
  ["do", "There is no `do`: write `while (1) { …; if (!condition) break }`."],
  ["switch", "There is no `switch`: write `if (…) … else if (…) …`."],
  ["goto", "There is no `goto`: leave loops with `break` and probes with `next`."],
  ...words("NULL null nil None false False", "Write 0."),
  ...words("true True", "Write 1."),
  ["comm", "Write `execname()`."],
  ["nsecs", "Write `gettimeofday_ns()`."],
  ["elapsed", "Keep `gettimeofday_ns()` in a global in `probe begin`, and subtract it."],
  ["kstack", "Write `backtrace()`, or `print_backtrace()` to print it."],
  ["ustack", "Write `ubacktrace()`, or `print_ubacktrace()` to print it."],
  ["curtask", "Write `task_current()`."],
  ["func", "Write `ppfunc()`."],
  ["retval", "Write `$return` or `returnval()` in a probe on a return."],
  ["args", "Parameters have names of their own: `$name`; `$$parms` lists them."],
  ...words("arg0 arg1 arg2 arg3 arg4 arg5", "Parameters have names of their own: `$name`; `$$parms` lists them."),
  ...words("NR FNR NF", "There are no records and fields; count in a global."),
]);

/** Names that are called. */
export const FUNCTIONS_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ["count", "Count with `x[key]++`, or record with `x <<< value` and read `@count(x)`."],
  ...["sum", "avg", "min", "max"].map((name): [string, string] => [
    name,
    `Record with \`x <<< value\`, and read \`@${name}(x)\`.`,
  ]),
  ["stats", "Record with `x <<< value`, and read `@count(x)`, `@avg(x)` and `@sum(x)`."],
  ...words("hist hist_log", "Record with `x <<< value`, and print `@hist_log(x)`."),
  ...words("lhist hist_linear", "Record with `x <<< value`, and print `@hist_linear(x, low, high, step)`."),
  ...words("clear zero", "Write `delete x`, which empties an array too."),
  ["str", "Write `user_string(address)` for a process's memory, `kernel_string(address)` for the kernel's."],
  ["kstr", "Write `kernel_string(address)`."],
  ["ksym", "Write `symname(address)`."],
  ["usym", "Write `usymname(address)`."],
  ["kstack", "Write `backtrace()`."],
  ["ustack", "Write `ubacktrace()`."],
  ...words("time strftime", "Write `ctime(gettimeofday_s())`."),
  ...words("length len", "Write `strlen(text)`."),
  ...words("strcmp strncmp", "Compare strings with `==` and `<`; `=~` matches a regular expression."),
  ["strcat", "Join strings with `.`."],
  ...words("strstr strcontains index", "Write `isinstr(text, part)`, or `strpos` for where."),
  ...words("split", "Write `tokenize(text, separators)`, and `tokenize(separators)` for each next part."),
  ...words("gsub sub", "Write `str_replace(text, old, new)`."),
  ...words("match", 'Write `text =~ "pattern"`; `matched(0)` is what it found.'),
  ...words("atoi int strtoul", "Write `strtol(text, 10)`."),
  ...words("itoa str_of", "Write `sprint(number)`."),
  ["toupper", "Compare with both spellings; there is no change of case."],
  ...words("puts echo", 'Write `println("text")`.'),
  ...words("sleep usleep", "A handler cannot wait: write a probe on `timer.ms(…)`."),
  ["not", "Write `!`."],
  ["getpid", "Write `pid()`."],
  ["gettid", "Write `tid()`."],
  ["getuid", "Write `uid()`."],
  ["nsecs", "Write `gettimeofday_ns()`."],
  ["comm", "Write `execname()`."],
]);

/** Words behind `@` that others have, or that one might try. */
export const AT_WORDS_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ...words("hist histogram", "Write `@hist_log(x)` or `@hist_linear(x, low, high, step)`."),
  ...words("mean average", "Write `@avg(x)`."),
  ...words("stddev stdev", "`@variance(x)` is its square."),
  ["p50", "Write `@median(x)`."],
]);

export function percentileElsewhere(name: string): string | undefined {
  const [, percent] = /^p(\d\d?)$/.exec(name) ?? [];
  return percent && `Write \`@percentile(x, ${percent})\`.`;
}

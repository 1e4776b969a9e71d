/** What the language itself knows, in words, for completion and help: keywords, operators on statistics, print functions. */
export interface LanguageEntry {
  readonly name: string;
  readonly kind: "keyword" | "operator" | "statistic" | "function";
  /** How it is written. */
  readonly form: string;
  readonly summary: string;
  /** A cell that shows its use. */
  readonly example: string;
}

const keyword = (name: string, form: string, summary: string, example: string): LanguageEntry => ({
  name,
  kind: "keyword",
  form,
  summary,
  example,
});

const statistic = (name: string, form: string, summary: string, use: string): LanguageEntry => ({
  name,
  kind: "statistic",
  form,
  summary,
  example: `global sizes\nprobe begin { sizes <<< 3; sizes <<< 40; ${use} }`,
});

const operator = (name: string, form: string, summary: string, example: string): LanguageEntry => ({
  name,
  kind: "operator",
  form,
  summary,
  example,
});

const print = (name: string, form: string, summary: string, example: string): LanguageEntry => ({
  name,
  kind: "function",
  form,
  summary,
  example,
});

export const LANGUAGE: readonly LanguageEntry[] = [
  keyword(
    "probe",
    "probe POINT, … { … }",
    "Runs the block whenever one of the points is reached.",
    'probe syscall.openat { println(execname(), " ", argstr) }\nprobe timer.s(1) { exit() }',
  ),
  keyword(
    "global",
    "global NAME, NAME[SIZE], NAME = VALUE",
    "Declares variables that all probes and later cells share; running the declaration again starts them afresh.",
    "global calls, least = 10\nprobe begin { if (pid() > least) calls[execname()]++ }",
  ),
  keyword(
    "private",
    "private global …, private function …",
    "Keeps a global or a function to the text that declares it.",
    "private function twice(n) { return 2 * n }\nprobe begin { println(twice(4)) }",
  ),
  keyword(
    "function",
    "function NAME(PARAMETER, …) { … }",
    "Defines a function that probes and later cells can call; `:long` and `:string` may say the types.",
    "function twice:long(n:long) { return 2 * n }\nprobe begin { println(twice(4)) }",
  ),
  keyword(
    "if",
    "if (CONDITION) STATEMENT else STATEMENT",
    "Runs the first statement where the condition is not 0, else the second.",
    'probe begin { if (pid() == 1) println("init") else println("no") }',
  ),
  keyword(
    "else",
    "if (CONDITION) STATEMENT else STATEMENT",
    "What runs where the condition is 0.",
    'probe begin { if (pid() == 1) println("init") else println("no") }',
  ),
  keyword(
    "for",
    "for (START; CONDITION; STEP) STATEMENT",
    "Repeats a statement while the condition is not 0.",
    "probe begin { for (i = 0; i < 3; i++) println(i) }",
  ),
  keyword(
    "foreach",
    "foreach (KEY in ARRAY-) STATEMENT, foreach ([A, B] in ARRAY limit N) …",
    "Visits the elements of an array; `+` or `-` behind a key or the array sorts by it, and `limit` ends early.",
    'global n\nprobe begin { n["a"] = 2; n["b"] = 7; foreach (k in n- limit 1) println(k, " ", n[k]) }',
  ),
  keyword(
    "in",
    "KEY in ARRAY, [KEY, KEY] in ARRAY",
    "Whether an array has an element; `*` stands for any key.",
    'global n\nprobe begin { n["a"] = 2; println("a" in n) }',
  ),
  keyword(
    "limit",
    "foreach (KEY in ARRAY limit N) STATEMENT",
    "Ends a `foreach` after so many elements.",
    "global n\nprobe begin { n[1] = 5; n[2] = 6; foreach (k in n- limit 1) println(k) }",
  ),
  keyword(
    "return",
    "return VALUE",
    "Ends a function, with its value.",
    "function twice(n) { return 2 * n }\nprobe begin { println(twice(4)) }",
  ),
  keyword(
    "delete",
    "delete ARRAY[KEY], delete GLOBAL",
    "Removes an element, or empties a whole global.",
    "global n\nprobe begin { n[1] = 5; delete n[1]; println(1 in n) }",
  ),
  keyword(
    "while",
    "while (CONDITION) STATEMENT",
    "Repeats a statement while the condition is not 0.",
    "probe begin { i = 3; while (i > 0) println(i--) }",
  ),
  keyword(
    "break",
    "break",
    "Ends the innermost loop.",
    "probe begin { for (i = 0; ; i++) if (i == 3) break; println(i) }",
  ),
  keyword(
    "continue",
    "continue",
    "Goes on with the next turn of the innermost loop.",
    "probe begin { for (i = 0; i < 4; i++) { if (i % 2) continue; println(i) } }",
  ),
  keyword(
    "next",
    "next",
    "Ends the handler; in a function, tries the next definition of that name.",
    'probe syscall.read { if (execname() == "cat") next; println(argstr); exit() }',
  ),
  keyword(
    "string",
    "NAME:string",
    "The type of texts, said of a function or a parameter.",
    'function loud:string(text:string) { return text . "!" }\nprobe begin { println(loud("hey")) }',
  ),
  keyword(
    "long",
    "NAME:long",
    "The type of numbers (64 bits with a sign), said of a function or a parameter.",
    "function twice:long(n:long) { return 2 * n }\nprobe begin { println(twice(4)) }",
  ),
  keyword(
    "try",
    "try { … } catch (MESSAGE) { … }",
    "Runs a block; a run-time error in it goes to the `catch` block.",
    "probe begin { try { println(1 / 0) } catch (message) { println(message) } }",
  ),
  keyword(
    "catch",
    "try { … } catch (MESSAGE) { … }",
    "What runs when the `try` block fails; the variable holds the message.",
    "probe begin { try { println(1 / 0) } catch (message) { println(message) } }",
  ),
  statistic("@count", "@count(STATISTIC)", "How many values were recorded with `<<<`.", "println(@count(sizes))"),
  statistic("@sum", "@sum(STATISTIC)", "The sum of the recorded values.", "println(@sum(sizes))"),
  statistic("@min", "@min(STATISTIC)", "The least recorded value.", "println(@min(sizes))"),
  statistic("@max", "@max(STATISTIC)", "The greatest recorded value.", "println(@max(sizes))"),
  statistic(
    "@avg",
    "@avg(STATISTIC)",
    "The mean of the recorded values, without its fraction.",
    "println(@avg(sizes))",
  ),
  statistic(
    "@variance",
    "@variance(STATISTIC)",
    "The sample variance of the recorded values, rounded.",
    "println(@variance(sizes))",
  ),
  statistic(
    "@median",
    "@median(STATISTIC)",
    "The value that half of the recorded ones are below, as exact as the note beside it says.",
    "println(@median(sizes))",
  ),
  statistic(
    "@percentile",
    "@percentile(STATISTIC, PERCENT)",
    "The value that so many percent of the recorded ones are below.",
    "println(@percentile(sizes, 99))",
  ),
  statistic(
    "@hist_log",
    "@hist_log(STATISTIC)",
    "A histogram with a bucket for each power of two; `print` draws it.",
    "print(@hist_log(sizes))",
  ),
  statistic(
    "@hist_linear",
    "@hist_linear(STATISTIC, LOW, HIGH, STEP)",
    "A histogram with buckets of equal width; `print` draws it.",
    "print(@hist_linear(sizes, 0, 50, 10))",
  ),
  {
    name: "@defined",
    kind: "keyword",
    form: "@defined($VARIABLE)",
    summary: "Whether the probe point has the variable; decided when the cell is compiled.",
    example: "probe syscall.read { println(@defined($buf)); exit() }",
  },
  {
    name: "@choose_defined",
    kind: "keyword",
    form: "@choose_defined($VARIABLE, OTHER)",
    summary: "The first of two, if the probe point has it, else the second; decided when the cell is compiled.",
    example: "probe syscall.read { println(@choose_defined($count, 0)); exit() }",
  },
  {
    name: "@probewrite",
    kind: "keyword",
    form: "@probewrite(VARIABLE)",
    summary: "In the body of an alias: whether the handler that uses it changes the variable.",
    example: "probe mine = begin { size = 0 }, { if (@probewrite(size)) println(size) }\nprobe mine { size = 5 }",
  },
  {
    name: "@entry",
    kind: "keyword",
    form: "@entry(EXPRESSION)",
    summary: "In a `.return` probe: what the expression was when the function or system call was entered.",
    example: "probe syscall.read.return { println(gettimeofday_ns() - @entry(gettimeofday_ns())); exit() }",
  },
  {
    name: "@cast",
    kind: "keyword",
    form: '@cast(ADDRESS, "TYPE", "MODULE")',
    summary:
      "The object of that type at an address; `->` goes on from it. The module is the kernel where it is left out.",
    example: 'probe syscall.read { println(@cast(task_current(), "task_struct")->tgid); exit() }',
  },
  {
    name: "@var",
    kind: "keyword",
    form: '@var("NAME", "MODULE")',
    summary: "A variable of the kernel by its name.",
    example: 'probe begin { println(@defined(@var("jiffies"))) }',
  },
  {
    name: "@define",
    kind: "keyword",
    form: "@define NAME(PARAMETER, …) %( … %)",
    summary: "Defines a macro, which is used as `@NAME(…)`; parameters are `@PARAMETER` in it.",
    example: "@define twice(x) %( (2 * @x) %)\nprobe begin { println(@twice(4)) }",
  },
  operator(
    "<<<",
    "STATISTIC <<< VALUE",
    "Records a value; @count, @avg, @hist_log and their kin tell of all that were recorded.",
    "global sizes\nprobe begin { sizes <<< 3; println(@count(sizes)) }",
  ),
  operator(
    "->",
    "ADDRESS->MEMBER",
    "A member of the struct that an address with a type leads to, or of a struct in another.",
    'probe kernel.trace("sched_switch") { println($prev->pid); exit() }',
  ),
  operator(
    "=~",
    'TEXT =~ "PATTERN"',
    "Whether a regular expression matches; `matched(N)` is then what its groups found.",
    'probe begin { if ("read42" =~ "([a-z]+)") println(matched(1)) }',
  ),
  operator(
    "!~",
    'TEXT !~ "PATTERN"',
    "Whether a regular expression matches nowhere.",
    'probe begin { println("a" !~ "b") }',
  ),
  operator(
    "%(",
    "%( CONDITION %? TEXT %: OTHER %)",
    "Decides before the cell is compiled which of two texts it has: by kernel_v, arch, CONFIG_… and others.",
    'probe begin { %( kernel_v >= "5.8" %? println("new") %: println("old") %) }',
  ),
  print("print", "print(VALUE, …)", "Prints the values, one behind the other.", 'probe begin { print("a", 1) }'),
  print("println", "println(VALUE, …)", "Prints the values and a line break.", 'probe begin { println("a", 1) }'),
  print(
    "printd",
    "printd(BETWEEN, VALUE, …)",
    "Prints the values with a text between them.",
    'probe begin { printd(", ", 1, 2, 3) }',
  ),
  print(
    "printdln",
    "printdln(BETWEEN, VALUE, …)",
    "Prints the values with a text between them, and a line break.",
    'probe begin { printdln(", ", 1, 2, 3) }',
  ),
  print(
    "printf",
    "printf(FORMAT, VALUE, …)",
    "Prints by a format as in C: `%d`, `%u`, `%x`, `%o`, `%s`, `%c`, `%p`, with widths and flags.",
    'probe begin { printf("%-8s %5d\\n", execname(), pid()) }',
  ),
  print("print_char", "print_char(NUMBER)", "Prints one byte.", "probe begin { print_char(65) }"),
  print("sprint", "sprint(VALUE, …)", "As print, but returns the text.", 'probe begin { println(sprint("a", 1)) }'),
  print("sprintln", "sprintln(VALUE, …)", "As println, but returns the text.", "probe begin { print(sprintln(1)) }"),
  print(
    "sprintd",
    "sprintd(BETWEEN, VALUE, …)",
    "As printd, but returns the text.",
    'probe begin { println(sprintd("-", 1, 2)) }',
  ),
  print(
    "sprintdln",
    "sprintdln(BETWEEN, VALUE, …)",
    "As printdln, but returns the text.",
    'probe begin { print(sprintdln("-", 1, 2)) }',
  ),
  print(
    "sprintf",
    "sprintf(FORMAT, VALUE, …)",
    "As printf, but returns the text.",
    'probe begin { println(sprintf("%04x", 255)) }',
  ),
];

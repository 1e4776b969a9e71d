/** What there is to say of functions whose texts stand together in the prelude. */
import type { FunctionDescription, FunctionParameter } from "../../compiler/catalogue.js";

const change: FunctionParameter = {
  name: "delta",
  type: "long",
  meaning: "above 0 on the way into a function, below 0 on the way out",
};
const watch: FunctionParameter = { name: "name", type: "string", meaning: "a name of your own for the stopwatch" };

const metric: FunctionParameter = { name: "key", type: "string", meaning: "the name of the metric" };

function stopwatch(name: string, summary: string, unit?: string): FunctionDescription {
  return {
    name,
    topic: "time",
    summary,
    parameters: [watch],
    returns: unit === undefined ? null : "long",
    ...(unit === undefined ? {} : { unit }),
    example:
      unit === undefined
        ? `start_stopwatch("a")\n${name}("a")\nstop_stopwatch("a")`
        : `start_stopwatch("a")\nstop_stopwatch("a")\nprintln(${name}("a"))`,
  };
}

const colour: FunctionParameter = {
  name: "foreground",
  type: "long",
  meaning: "30 to 37 for the letters: black, red, green, yellow, blue, magenta, cyan, white",
};
const background: FunctionParameter = { name: "background", type: "long", meaning: "40 to 47 for what is behind them" };
const effect: FunctionParameter = {
  name: "effect",
  type: "long",
  meaning: "0 for none, 1 bold, 4 underlined, 7 reversed",
};
const column: FunctionParameter = { name: "column", type: "long", meaning: "the first is 1" };
const row: FunctionParameter = { name: "row", type: "long", meaning: "the first is 1" };
const collection: FunctionParameter = { name: "id", type: "long", meaning: "what speculation() gave" };
const delimiters: FunctionParameter = {
  name: "delimiters",
  type: "string",
  meaning: "characters of which each ends a piece",
};

function terminal(
  name: string,
  summary: string,
  call: string,
  parameters: readonly FunctionParameter[] = [],
): FunctionDescription {
  return { name, topic: "terminal", summary, parameters, returns: null, example: call };
}

export const described: readonly FunctionDescription[] = [
  terminal(
    "ansi_clear_screen",
    "Empties a terminal's screen and goes to its first column and row.",
    "ansi_clear_screen()",
  ),
  terminal("ansi_new_line", "Goes to the next line.", "ansi_new_line()"),
  terminal("ansi_set_color", "Sets the colour of what is printed on a terminal from here on.", "ansi_set_color(31)", [
    colour,
  ]),
  terminal(
    "ansi_set_color",
    "Sets both colours of what is printed on a terminal from here on.",
    "ansi_set_color(31, 40)",
    [colour, background],
  ),
  terminal(
    "ansi_set_color",
    "Sets both colours of what is printed on a terminal from here on, and an effect.",
    "ansi_set_color(31, 40, 1)",
    [colour, background, effect],
  ),
  terminal("ansi_set_color2", "The same as ansi_set_color() with two colours.", "ansi_set_color2(31, 40)", [
    colour,
    background,
  ]),
  terminal(
    "ansi_set_color3",
    "The same as ansi_set_color() with two colours and an effect.",
    "ansi_set_color3(31, 40, 1)",
    [colour, background, effect],
  ),
  terminal("ansi_reset_color", "Ends all colours and effects.", "ansi_reset_color()"),
  terminal("ansi_cursor_move", "Goes to a column and a row of a terminal.", "ansi_cursor_move(1, 5)", [column, row]),
  terminal("ansi_cursor_hide", "Hides a terminal's cursor.", "ansi_cursor_hide()"),
  terminal("ansi_cursor_show", "Shows a terminal's cursor.", "ansi_cursor_show()"),
  terminal("ansi_cursor_save", "Remembers where a terminal's cursor is.", "ansi_cursor_save()"),
  terminal("ansi_cursor_restore", "Goes back to where a terminal's cursor was remembered.", "ansi_cursor_restore()"),
  {
    name: "tokenize",
    topic: "strings",
    summary: "The first piece of a text, without empty ones; the rest is kept for tokenize(delimiters).",
    parameters: [{ name: "input", type: "string", meaning: "the text" }, delimiters],
    returns: "string",
    example: 'println(tokenize("one two", " "))',
  },
  {
    name: "tokenize",
    topic: "strings",
    summary: "The next piece of the text that tokenize(input, delimiters) began; empty where there are no more.",
    parameters: [delimiters],
    returns: "string",
    example: 'tokenize("one two", " ")\nprintln(tokenize(" "))',
  },
  {
    name: "speculation",
    topic: "text",
    summary: "A number for a collection of texts that may be printed later, or never.",
    parameters: [],
    returns: "long",
    example: 'id = speculation()\nspeculate(id, "perhaps\\n")\ncommit(id)',
  },
  {
    name: "speculate",
    topic: "text",
    summary: "Adds a text to a collection.",
    parameters: [collection, { name: "output", type: "string", meaning: "the text" }],
    returns: null,
    example: 'id = speculation()\nspeculate(id, "perhaps\\n")\ndiscard(id)',
  },
  {
    name: "commit",
    topic: "text",
    summary: "Prints a collection, and forgets it.",
    parameters: [collection],
    returns: null,
    example: 'id = speculation()\nspeculate(id, "worth it\\n")\ncommit(id)',
  },
  {
    name: "discard",
    topic: "text",
    summary: "Forgets a collection without printing it.",
    parameters: [collection],
    returns: null,
    example: 'id = speculation()\nspeculate(id, "never seen\\n")\ndiscard(id)',
  },
  {
    name: "thread_indent",
    topic: "text",
    summary:
      "Head of a line for a call: microseconds since the thread's outermost one, program, thread, and blanks for the depth.",
    parameters: [change],
    returns: "string",
    example:
      'probe syscall.read { println(thread_indent(1), "->", name) }\nprobe syscall.read.return { println(thread_indent(-1), "<-", name) }\nprobe timer.s(1) { exit() }',
  },
  {
    name: "thread_indent_depth",
    topic: "text",
    summary: "How deep in calls the thread is.",
    parameters: [change],
    returns: "long",
    example:
      "global depths\nprobe syscall.read { depths[thread_indent_depth(1)]++ }\nprobe syscall.read.return { thread_indent_depth(-1) }\nprobe timer.s(1) { exit() }",
  },
  {
    name: "indent",
    topic: "text",
    summary: "Head of a line for a call: microseconds since the outermost one of any thread, and blanks for the depth.",
    parameters: [change],
    returns: "string",
    example: 'println(indent(1), "->")\nprintln(indent(-1), "<-")',
  },
  {
    name: "indent_depth",
    topic: "text",
    summary: "How deep in calls all threads together are.",
    parameters: [change],
    returns: "long",
    example: "println(indent_depth(1))\nindent_depth(-1)",
  },
  stopwatch("start_stopwatch", "Starts a stopwatch, or lets one that was stopped go on."),
  stopwatch("stop_stopwatch", "Stops a stopwatch, which keeps its time."),
  stopwatch("delete_stopwatch", "Forgets a stopwatch."),
  stopwatch("read_stopwatch_ns", "Nanoseconds that a stopwatch has run.", "ns"),
  stopwatch("read_stopwatch_us", "Microseconds that a stopwatch has run.", "us"),
  stopwatch("read_stopwatch_ms", "Milliseconds that a stopwatch has run.", "ms"),
  stopwatch("read_stopwatch_s", "Seconds that a stopwatch has run.", "s"),
  {
    name: "cve_count_metric",
    topic: "metrics",
    summary:
      "Counts one more of a metric. What has been counted is in the array `cve_metrics`, which a script can show or serve (`procfs`).",
    parameters: [metric],
    returns: null,
    example:
      'probe syscall.openat.return { cve_count_metric(retval < 0 ? "miss" : "hit") }\nprobe timer.s(1) { exit() }\nprobe end { println(cve_metrics["hit"]) }',
  },
  {
    name: "cve_record_metric",
    topic: "metrics",
    summary: "Sets a metric, which is in the array `cve_metrics`.",
    parameters: [metric, { name: "value", type: "long", meaning: "what it is now" }],
    returns: null,
    example: 'cve_record_metric("version", 2)\nprintln(cve_metrics["version"])',
  },
];

/** What there is to say of functions whose texts stand together in the prelude. */
import type { FunctionDescription, FunctionParameter } from "../../compiler/catalogue.js";

const change: FunctionParameter = {
  name: "delta",
  type: "long",
  meaning: "above 0 on the way into a function, below 0 on the way out",
};
const watch: FunctionParameter = { name: "name", type: "string", meaning: "a name of your own for the stopwatch" };

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

export const described: readonly FunctionDescription[] = [
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
  stopwatch("start_stopwatch", "Starts a stopwatch, or lets one that was stopped go on."),
  stopwatch("stop_stopwatch", "Stops a stopwatch, which keeps its time."),
  stopwatch("delete_stopwatch", "Forgets a stopwatch."),
  stopwatch("read_stopwatch_ns", "Nanoseconds that a stopwatch has run.", "ns"),
  stopwatch("read_stopwatch_us", "Microseconds that a stopwatch has run.", "us"),
  stopwatch("read_stopwatch_ms", "Milliseconds that a stopwatch has run.", "ms"),
  stopwatch("read_stopwatch_s", "Seconds that a stopwatch has run.", "s"),
];

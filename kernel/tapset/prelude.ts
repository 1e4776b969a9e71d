/** The part of the tapset that is written in the language itself. */
import type { Source } from "../compiler/source.js";

/** Deeper calls stay here, still in order. */
const DEEPEST_INDENTATION = 127;

/** A thread's depth of calls and the time of its outermost one. A step in counts before the line is made, a step out after. */
const indentation = `
private global __indent_depth[4096], __indent_start[4096]

function thread_indent:string(delta:long) {
  __thread = tid()
  __now = gettimeofday_us()
  __before = __indent_depth[__thread]
  if (__before == 0) __indent_start[__thread] = __now
  __after = __before + delta
  __shown = delta > 0 ? __after : __before
  __elapsed = __now - __indent_start[__thread]
  if (__after == 0) {
    delete __indent_depth[__thread]
    delete __indent_start[__thread]
  } else {
    __indent_depth[__thread] = __after
  }
  __blanks = substr("${" ".repeat(DEEPEST_INDENTATION)}", 0, __shown - 1)
  return sprintf("%6d %s(%d):%s", __elapsed, execname(), __thread, __blanks)
}

function thread_indent_depth:long(delta:long) {
  __thread = tid()
  __before = __indent_depth[__thread]
  __after = __before + delta
  if (__after == 0) delete __indent_depth[__thread]
  else __indent_depth[__thread] = __after
  return delta > 0 ? __after : __before
}
`;

/** The same for all threads together. */
const sharedIndentation = `
private global __shared_depth, __shared_start

function indent:string(delta:long) {
  __now = gettimeofday_us()
  if (__shared_depth == 0) __shared_start = __now
  __elapsed = __now - __shared_start
  __depth = indent_depth(delta)
  return sprintf("%6d:%s", __elapsed, substr("${" ".repeat(DEEPEST_INDENTATION)}", 0, __depth - 1))
}

function indent_depth:long(delta:long) {
  __before = __shared_depth
  __shared_depth = __before + delta
  return delta > 0 ? __before + delta : __before
}
`;

const terminal = `
function ansi_clear_screen() { print("\\033[1;1H\\033[J") }
function ansi_set_color(foreground:long) { printf("\\033[%dm", foreground) }
function ansi_set_color(foreground:long, background:long) { printf("\\033[%d;%dm", foreground, background) }
function ansi_set_color(foreground:long, background:long, effect:long) { printf("\\033[%d;%d;%dm", foreground, background, effect) }
function ansi_set_color2(foreground:long, background:long) { ansi_set_color(foreground, background) }
function ansi_set_color3(foreground:long, background:long, effect:long) { ansi_set_color(foreground, background, effect) }
function ansi_reset_color() { print("\\033[0;0m") }
function ansi_new_line() { print("\\n") }
function ansi_cursor_move(column:long, row:long) { printf("\\033[%d;%dH", row, column) }
function ansi_cursor_hide() { print("\\033[?25l") }
function ansi_cursor_show() { print("\\033[?25h") }
function ansi_cursor_save() { print("\\033[s") }
function ansi_cursor_restore() { print("\\033[u") }
`;

const tokens = `
private global __token_rest = ""

function tokenize:string(input:string, delimiters:string) {
  if (input != "") __token_rest = input
  __token = __next_token(__token_rest, delimiters)
  __token_rest = __after_token(__token_rest, delimiters)
  return __token
}

function tokenize:string(delimiters:string) { return tokenize("", delimiters) }
`;

const stopwatches = `
private global __stopwatch_total, __stopwatch_started

function start_stopwatch(name:string) {
  if (!(name in __stopwatch_started)) __stopwatch_started[name] = local_clock_ns()
}

function stop_stopwatch(name:string) {
  if (name in __stopwatch_started) {
    __stopwatch_total[name] += local_clock_ns() - __stopwatch_started[name]
    delete __stopwatch_started[name]
  }
}

function delete_stopwatch(name:string) {
  delete __stopwatch_total[name]
  delete __stopwatch_started[name]
}

function read_stopwatch_ns:long(name:string) {
  __time = __stopwatch_total[name]
  if (name in __stopwatch_started) __time += local_clock_ns() - __stopwatch_started[name]
  return __time
}

function read_stopwatch_us:long(name:string) { return read_stopwatch_ns(name) / 1000 }
function read_stopwatch_ms:long(name:string) { return read_stopwatch_ns(name) / 1000000 }
function read_stopwatch_s:long(name:string) { return read_stopwatch_ns(name) / 1000000000 }
`;

/** What might be printed, until it is known whether it is worth it. */
const speculations = `
private global __speculation_last, __speculation_count[1024], __speculation_text[4096]

function speculation:long() { return ++__speculation_last }

function speculate(id:long, output:string) {
  __place = __speculation_count[id]++
  __speculation_text[id, __place] = output
}

function commit(id:long) {
  __texts = __speculation_count[id]
  for (__place = 0; __place < __texts; __place++) print(__speculation_text[id, __place])
  discard(id)
}

function discard(id:long) {
  __texts = __speculation_count[id]
  delete __speculation_count[id]
  for (__place = 0; __place < __texts; __place++) delete __speculation_text[id, __place]
}
`;

/** Public: a script reads its metrics by this name, and serves them as it likes. */
const metrics = `
global cve_metrics[256]

function cve_count_metric(key:string) { cve_metrics[key]++ }
function cve_record_metric(key:string, value:long) { cve_metrics[key] = value }
`;

const moments = `
probe init = begin(-9223372036854775807) {}
probe oneshot = begin {}, { exit() }
`;

export const prelude: readonly Source[] = [
  { name: "tapset/indentation", text: indentation },
  { name: "tapset/shared_indentation", text: sharedIndentation },
  { name: "tapset/terminal", text: terminal },
  { name: "tapset/tokens", text: tokens },
  { name: "tapset/stopwatches", text: stopwatches },
  { name: "tapset/speculations", text: speculations },
  { name: "tapset/metrics", text: metrics },
  { name: "tapset/moments", text: moments },
];

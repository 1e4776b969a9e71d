/** What to write in place of C, by what the C seems to do. */

const INSTEAD: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [/current\s*->\s*comm\b/, "execname() gives the name of the process"],
  [/current\s*->\s*tgid\b|task_tgid/, "pid() gives the number of the process"],
  [/current\s*->\s*pid\b|task_pid/, "tid() gives the number of the thread"],
  [/\b(?:current_uid|current_cred|from_kuid)\b/, "uid() gives the user"],
  [/\b(?:smp_processor_id|raw_smp_processor_id)\b/, "cpu() gives the number of the processor"],
  [/\b(?:ktime_get|getnstimeofday|do_gettimeofday|sched_clock|cpu_clock)\w*\b/, "gettimeofday_ns() gives the time"],
  [/\bjiffies\b/, "jiffies() gives the kernel's ticks"],
  [/\b(?:STAP_PRINTF|_stp_printf|_stp_print|printk)\b/, "printf() prints"],
  [/\b(?:STAP_ERROR|_stp_error|CONTEXT\s*->\s*last_error)\b/, "error() fails with a message"],
  [
    /\b(?:strlen|strcmp|strncmp|strstr|strchr|memcpy|strlcpy|snprintf)\b/,
    "strlen(), `==`, strpos(), substr() and sprintf() work on strings",
  ],
  [
    /\b(?:deref|kread|kderef|copy_from_user|strncpy_from_user)\b|->|\bstruct\b/,
    'reach into structures with `->`, as in `@cast(pointer, "task_struct")->pid`',
  ],
  [
    /#\s*include|\bstatic\b|\btypedef\b/,
    "the kernel's own types are known without headers; a `function` can be written in the language",
  ],
];

/** A sentence for each of the first few things that can be told from the code. */
export function adviceForEmbeddedCode(code: string): string {
  const plain = code.replace(/\/\*[^]*?\*\//g, " ");
  const advice = INSTEAD.filter(([pattern]) => pattern.test(plain)).map(([, text]) => text);
  if (advice.length === 0) return "Write it in the language itself: `function f(a) { return a + 1 }`.";
  return `Write it in the language itself: ${advice.slice(0, 3).join("; ")}.`;
}

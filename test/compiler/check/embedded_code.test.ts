import { adviceForEmbeddedCode } from "../../../kernel/compiler/check/embedded_code.js";

test.each([
  ["STAP_RETVALUE = current->pid;", "tid()"],
  ["STAP_RETVALUE = current->tgid;", "pid()"],
  ["strlcpy(STAP_RETVALUE, current->comm, MAXSTRINGLEN);", "execname()"],
  ["STAP_RETVALUE = ktime_get_ns();", "gettimeofday_ns()"],
  ['STAP_PRINTF("%d", 5);', "printf()"],
  ['STAP_ERROR("no");', "error()"],
  ["STAP_RETVALUE = ((struct file *) STAP_ARG_f)->f_flags;", "@cast"],
])("for %s there is %s", (code, instead) => {
  expect(adviceForEmbeddedCode(code)).toContain(instead);
});

test("comments tell nothing of what the code does, and the advice stays short", () => {
  expect(adviceForEmbeddedCode("/* pure: current->pid */ STAP_RETVALUE = 2;")).not.toContain("tid()");
  const all = "current->pid current->tgid current->comm jiffies printk";
  expect(adviceForEmbeddedCode(all).split(";").length).toBe(3);
});

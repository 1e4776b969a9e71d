/**
 * What the language does inside probes, with results that follow from its definition: every construct that the kernel's
 * verifier has to accept.
 */
import { trace } from "../probes/traced_workload.js";

interface Case {
  readonly title: string;
  readonly declarations?: string;
  readonly body: string;
  readonly printed: string;
  readonly failures?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    title: "arithmetic is of 64 bits with signs",
    body: `n = pid(); n -= pid()
      printdln(" ", n + 9223372036854775807 + 1, (n - 7) / 2, (n - 7) % 3, (n - 8) >> 1, (n + 1) << 62, (n + 6) & 3, (n + 6) | 1, (n + 6) ^ 2, ~n, -(n + 5))`,
    printed: "-9223372036854775808 -3 -1 -4 4611686018427387904 2 7 4 -1 -5\n",
  },
  {
    title: "conditions and what they leave out",
    body: `n = pid() - pid()
      printdln(" ", n && 1 / n, n || 5, !n, n ? "yes" : "no", n == 0, n < 0, n >= 0)
      if (n) println("wrong"); else if (!n) println("right")`,
    printed: "0 1 1 no 1 0 1\nright\n",
  },
  { title: "while", body: 'i = 0; while (i < 10) { sum += i; i++ } printdln(" ", i, sum)', printed: "10 45\n" },
  {
    title: "for, with break and continue",
    body: 'for (i = 0; i < 100; i++) { if (i % 2) continue; if (i > 10) break; sum += i } printdln(" ", i, sum)',
    printed: "12 30\n",
  },
  {
    title: "loops in loops",
    body: "for (i = 0; i < 10; i++) for (j = 0; j < i; j++) { if (j == 5) break; count++ } println(count)",
    // 0 + 1 + 2 + 3 + 4 + 5 and four times 5
    printed: "35\n",
  },
  {
    title: "a loop as long as a handler may be",
    body: "while (i < 900) i++; println(i)",
    printed: "900\n",
  },
  {
    title: "an endless loop ends with an error",
    body: "while (1) i++",
    printed: "",
    failures: ["MAXACTION exceeded"],
  },
  {
    title: "functions, with a loop and an early return",
    declarations: `
      function sum:long(last:long) { for (i = 1; i <= last; i++) total += i; return total }
      function first:long(least:long) { while (1) { if (i * i >= least) return i; i++ } }
      function twice:string(text:string) { return text . text }`,
    body: 'printdln(" ", sum(10), first(50), twice(twice("ab")))',
    printed: "55 8 abababab\n",
  },
  {
    title: "strings join, compare and grow",
    body: `s = "a"; for (i = 0; i < 5; i++) s .= sprintf("%d", i)
      printdln(" ", s, strlen(s), s == "a01234", s < "b", s . s > s, "" == "", substr(s, 2, 3))`,
    printed: "a01234 6 1 1 1 1 123\n",
  },
  {
    title: "sprintf",
    body: `n = pid() - pid() - 42
      println(sprintf("[%d|%5d|%-5d|%x|%u|%c|%%]", n, n, n, -n, -n, 65))
      println(sprintf("[%s|%6s|%-6s]", execname(), "abc", "abc"), strlen(sprintf("%d,%s", n, execname())))`,
    printed: "[-42|  -42|-42  |2a|42|A|%]\n[workload|   abc|abc   ]12\n",
  },
  {
    title: "printf in every form",
    body: `n = pid() - pid() - 42
      printf("[%d|%5d|%-5d|%05d|%+d|%x|%#x|%X|%o|%#o|%u|%c|%%]\\n", n, n, n, n, -n, -n, -n, -n * 4, -n, -n, -n, 65)
      printf("[%s|%10s|%-10s|%.2s]\\n", execname(), execname(), execname(), execname())`,
    printed: "[-42|  -42|-42  |-0042|+42|2a|0x2a|A8|52|052|42|A|%]\n[workload|  workload|workload  |wo]\n",
  },
  {
    title: "arrays: elements, membership, deletion",
    declarations: "global a, b",
    body: `a["x", 1] = 10; a["x", 1] += 5; a["y", 2]++; b[1] = "one"; b[1] .= "!"
      printdln(" ", a["x", 1], a["y", 2], a["z", 3], ["x", 1] in a, ["z", 3] in a, b[1], b[2])
      delete a["x", 1]; printdln(" ", ["x", 1] in a, ["y", 2] in a)
      delete a; println(["y", 2] in a)`,
    printed: "15 1 0 1 0 one! \n0 1\n0\n",
  },
  {
    title: "foreach in every order",
    declarations: "global a",
    body: `a["b"] = 1; a["c"] = 3; a["a"] = 2
      foreach (k+ in a) printf("%s%d ", k, a[k])
      foreach (k- in a) printf("%s%d ", k, a[k])
      foreach (k in a+) printf("%s%d ", k, a[k])
      foreach (k in a- limit 2) printf("%s%d ", k, a[k])
      foreach (k in a) count++
      println(count)`,
    printed: "a2 b1 c3 c3 b1 a2 b1 a2 c3 c3 a2 3\n",
  },
  {
    title: "foreach over parts of a key, with its value, left early",
    declarations: "global a",
    body: `for (i = 0; i < 6; i++) a[i % 2, i] = i * 10
      foreach (v = [k, i+] in a[1, *]) printf("%d,%d=%d ", k, i, v)
      foreach ([k, i-] in a) { if (i < 4) break; if (i == 5) continue; printf("%d,%d ", k, i) }
      println()`,
    printed: "1,1=10 1,3=30 1,5=50 0,4 \n",
  },
  {
    title: "statistics",
    declarations: "global s, t",
    body: `for (i = 1; i <= 10; i++) { s <<< i * i; t[i % 2] <<< i }
      printdln(" ", @count(s), @sum(s), @min(s), @max(s), @avg(s))
      printdln(" ", @count(t[0]), @sum(t[0]), @min(t[1]), @max(t[1]), @avg(t[1]), @count(t[7]))
      delete s; println(@count(s))`,
    printed: "10 385 1 100 38\n5 30 1 9 5 0\n0\n",
  },
  {
    title: "errors are caught, and go on where they are not",
    declarations: "function fails:long(n:long) { return 10 / n }",
    body: `try { println(fails(pid() - pid())) } catch (text) { println("caught ", text) }
      try { error("own") } catch { println("again") }
      println(1 % (pid() - pid()))`,
    printed: "caught division by 0\nagain\n",
    failures: ["division by 0"],
  },
  {
    title: "next leaves the handler",
    body: 'println("one"); if (pid() > 0) next; println("two")',
    printed: "one\n",
  },
  {
    title: "what a match's groups hold",
    body: 'if (execname() . "=7" =~ "^([a-z]+)=([0-9])(x)?$") printdln("|", matched(0), matched(1), matched(2), matched(3), ngroups())',
    printed: "workload=7|workload|7||4\n",
  },
  {
    title: "functions that call themselves",
    declarations: `
      function f(n) { if (n < 2) return n; return f(n - 1) + f(n - 2) }
      function bits:string(n) { return n ? bits(n / 2) . sprint(n % 2) : "" }`,
    body: 'printdln(" ", f(12), bits(37))',
    printed: "144 100101\n",
  },
  {
    title: "texts taken apart and put together",
    body: `s = execname()
      printdln("|", str_replace(s, "o", "00"), string_quoted(s . "\\n"), strpos("a " . s, s), strtol("zz" . s, 36) > 0)
      println(sprintf("%*d|%.3o|%#c|%2b|%-*s|", 5, strlen(s), 8, 10, 0x2121, 10, s))`,
    printed: 'w00rkl00ad|"workload\\n"|2|1\n    8|010|\\n|!!|workload  |\n',
  },
  {
    title: "numbers and strings print in every way",
    body: `print("a", 1, "\\n"); println("b", 2); printd("-", "c", 3, 4); printdln("/", 5, "d"); printf("%s=%d%c\\n", "e", 6, 33)`,
    printed: "a1\nb2\nc-3-45/d\ne=6!\n",
  },
];

test.each(CASES.map((entry) => [entry.title, entry] as const))(
  "%s",
  async (_, { declarations = "", body, printed, failures = [] }) => {
    const inKernel = await trace(
      `${declarations}\nprobe syscall.getppid { if (pid() == target()) {\n${body}\n} }`,
      "syscalls getppid --count 1",
    );
    expect({ printed: inKernel.printed, failures: inKernel.failures }).toEqual({ printed, failures });
  },
);

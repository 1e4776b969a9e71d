/** Scripts as people write them: the six of the tour, and others that together use most of the language. */
export const SCRIPTS: readonly string[] = [
  `probe kernel.function("sys_gettimeofday").return {
  printf("%d\\t%s\\n", pid(), execname());
}`,
  `global progs
probe kernel.function("sys_gettimeofday").return {
  progs[execname()]++
}
probe timer.ms(5000) { exit() }
probe end {
  log("PROGRAM\\t\\tCOUNT\\tCOUNT/SEC")
  foreach (prog+ in progs) {
    rate = progs[prog] / 5
    if (rate > 1)
      printf("%s\\t%d\\t%d\\n", prog, progs[prog], rate)
  }
}`,
  `global last_stat
probe syscall.*stat { last_stat[pid()] = argstr }
probe syscall.*stat.return {
  if (returnstr(1) != "0")
    printf("%s(%d) %s(%s) -> %s\\n", execname(), pid(), probefunc(), last_stat[pid()], returnstr(1))
}
probe timer.ms(10000) { exit() }`,
  `global calls
probe syscall_any { calls[name]++ }
probe timer.s(3) { exit() }`,
  `global t, lat
probe syscall.read { t[tid()] = gettimeofday_ns() }
probe syscall.read.return {
  if (tid() in t) {
    lat[execname()] <<< gettimeofday_ns() - t[tid()]
    delete t[tid()]
  }
}
probe timer.s(5) { exit() }
probe end {
  foreach (p in lat @count- limit 3) {
    println(p)
    print(@hist_log(lat[p]))
  }
}`,
  `global numbers
numbers <<< 3; numbers <<< 40; numbers <<< 500
println(@count(numbers), " ", @sum(numbers), " ", @min(numbers), " ", @max(numbers), " ", @avg(numbers))
print(@hist_linear(numbers, 0, 500, 50))
@hist_log(numbers)`,
  `function factorial:long(n:long) { if (n < 2) return 1; return n * factorial(n - 1) }
function greet:string(who:string) %( kernel_v >= "2.6" %? { return "hello " . who } %: { return who } %)
for (i = 0; i < 10; i++) { if (i == 3) continue; if (i == 8) break; printf("%2d! = %-12d|%x\\n", i, factorial(i), factorial(i)) }
println(greet("world"))
factorial(12) >> 2 ^ 0x1f & ~7 | 1 << 3`,
  `@define LIMIT %( 20 %)
@define twice(x) %( (@x + @x) %)
global reads, bytes%
probe syscall.read.return {
  if (retval > @LIMIT) { reads[execname(), pid()]++; bytes[execname()] += retval }
}
probe timer.ms(700), timer.s(1) {
  foreach ([name, id] in reads- limit @twice(3)) printf("%16s %6d %d\\n", name, id, reads[name, id])
  delete reads
}
probe error { println("it failed") }`,
  `probe begin { printf("%s %5.3s %c %p %%\\n", "text", "longer", 65, 4096); n = 5; while (n--) print(n, "\\n") }
probe end { println(ctime(gettimeofday_s())); exit() }`,
  `global switches
probe kernel.trace("sched_switch") { switches[cpu()]++ }
probe timer.profile { if (tid() % 2) switches[-1]++; else switches[-2]++ }`,
  `global stack%[64], depth = 3, label = "start"
probe syscall.openat, syscall.close.return ? {
  try {
    if (pid() == target()) error("mine")
    stack[name, tid() % 8] = execname()
  } catch (message) { label = message . "!" }
  depth = depth > 100 ? 0 : depth + 1
}`,
  `probe writes = syscall.write { size = count * 2; title = execname() }
probe writes { if (size > 4096 && title =~ "^node.*") printf("%s wrote %d\\n", title, size) }`,
  `global begun, spent
probe syscall.nanosleep, syscall.clock_nanosleep { begun[tid()] = gettimeofday_ns() }
probe syscall.nanosleep.return, syscall.clock_nanosleep.return {
  if (!([tid()] in begun)) next
  spent <<< (gettimeofday_ns() - begun[tid()]) / 1000
  delete begun[tid()]
}
probe end { if (@count(spent)) print(@hist_log(spent)); else println("nobody slept") }`,
  `s = "a,b,,c"
t = tokenize(s, ",")
while (t != "") { println(t . " " . sprint(strlen(t))); t = tokenize("", ",") }
println(substr("kernel", 1, 3), strtol("0x10", 16), isinstr(s, "b"), str_replace(s, ",", ";"))
sprintf("%08b", 0x2f)`,
  `# sums by a pair of keys
global pairs[100]
probe begin {
  /* nested loops */
  for (x = -2; x <= 2; ++x) for (y = 0; y < 3; y++) pairs[x, y] += x * y - (x << y) % 3
  foreach ([x, y] in pairs+ limit 4) printf("%d,%d=%d\\n", x, y, pairs[x, y])
  if ([0, 1] in pairs && !([9, 9] in pairs) || 0) delete pairs[0, 1]
  exit()
}`,
  `global forks
probe kernel.trace("sched:sched_process_fork") { forks[ppid(), execname()] <<< 1 }
probe syscall.exit_group { forks[pid(), "exit"] <<< status }
probe timer.s(2) { foreach ([p, e] in forks) printf("%d %s %d\\n", p, e, @count(forks[p, e])); exit() }`,
];

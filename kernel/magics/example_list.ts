/** Cells to start from: what people ask of a machine most often, each short enough to be read. A test compiles them all. */

export interface Example {
  /** One word. */
  readonly name: string;
  /** The question that it answers. */
  readonly title: string;
  /** Further words that it is found by. */
  readonly words: string;
  readonly code: string;
}

export const EXAMPLES: readonly Example[] = [
  {
    name: "hello",
    title: "What does the smallest script look like?",
    words: "first begin print start tutorial",
    code: 'probe begin { println("hello from ", pid()) }',
  },
  {
    name: "syscalls",
    title: "Which programs make the most system calls?",
    words: "count top busy process",
    code: "%%trace for=5s\nglobal calls\nprobe syscall_any { calls[execname()]++ }",
  },
  {
    name: "syscall_names",
    title: "Which system calls does one program make?",
    words: "strace count target command",
    code: "%%trace -c 'ls -l /usr'\nglobal calls\nprobe syscall_any { if (pid() == target()) calls[name]++ }",
  },
  {
    name: "opens",
    title: "Which files are opened, and by whom?",
    words: "open file path name print",
    code: '%%trace for=5s\nprobe syscall.openat { printf("%-16s %s\\n", execname(), argstr) }',
  },
  {
    name: "failures",
    title: "Which system calls fail, with which error?",
    words: "error errno fail return",
    code: "%%trace for=5s\nglobal failures\nprobe syscall_any.return { if (retval < 0) failures[execname(), name, errno_str(retval)]++ }",
  },
  {
    name: "latency",
    title: "How long do reads take?",
    words: "histogram time duration read slow percentile",
    code: "%%trace for=5s\nglobal latency\nprobe syscall.read.return { latency <<< gettimeofday_ns() - @entry(gettimeofday_ns()) }\nprobe end { print(@hist_log(latency)) }",
  },
  {
    name: "slow",
    title: "Which system calls take longer than a millisecond?",
    words: "latency outlier slow threshold time",
    code: '%%trace for=5s\nprobe syscall_any.return {\n  took = gettimeofday_us() - @entry(gettimeofday_us())\n  if (took > 1000) printf("%8d us  %s(%d)  %s\\n", took, execname(), pid(), name)\n}',
  },
  {
    name: "sizes",
    title: "How large are the reads and writes of each program?",
    words: "histogram bytes io throughput",
    code: "%%trace for=5s\nglobal sizes\nprobe syscall.read.return, syscall.write.return { if (retval > 0) sizes[execname()] <<< retval }",
  },
  {
    name: "throughput",
    title: "How many bytes a second does each program read and write?",
    words: "io rate timer bytes per second",
    code: '%%trace for=5s\nglobal bytes\nprobe syscall.read.return, syscall.write.return { if (retval > 0) bytes[execname()] += retval }\nprobe timer.s(1) {\n  foreach (program in bytes- limit 5) printf("%-16s %d\\n", program, bytes[program])\n  println("")\n  delete bytes\n}',
  },
  {
    name: "switches",
    title: "Which threads are switched to most often?",
    words: "scheduler context switch cpu tracepoint",
    code: '%%trace for=5s\nglobal switches\nprobe kernel.trace("sched_switch") { switches[kernel_string($next->comm)]++ }',
  },
  {
    name: "run_queue",
    title: "How long do threads wait for a processor?",
    words: "scheduler latency runqueue wakeup histogram",
    code: '%%trace for=5s\nglobal woken, waits\nprobe kernel.trace("sched_wakeup") { woken[$p->pid] = gettimeofday_us() }\nprobe kernel.trace("sched_switch") {\n  thread = $next->pid\n  if (thread in woken) { waits <<< gettimeofday_us() - woken[thread]; delete woken[thread] }\n}\nprobe end { print(@hist_log(waits)) }',
  },
  {
    name: "profile",
    title: "Where does the kernel spend its time?",
    words: "cpu flame graph sampling stack profile hot",
    code: "%%trace for=5s\nglobal samples\nprobe timer.profile { samples[backtrace()]++ }",
  },
  {
    name: "busy",
    title: "Which programs use the processors?",
    words: "cpu sampling top profile",
    code: "%%trace for=5s\nglobal samples\nprobe timer.profile { samples[execname()]++ }",
  },
  {
    name: "processes",
    title: "Which processes start and end?",
    words: "exec exit fork life short-lived",
    code: '%%trace for=10s\nprobe kernel.trace("sched_process_exec") { printf("%-6d starts %s\\n", pid(), execname()) }\nprobe kernel.trace("sched_process_exit") { if (pid() == tid()) printf("%-6d ends   %s\\n", pid(), execname()) }',
  },
  {
    name: "signals",
    title: "Who sends which signals to whom?",
    words: "kill signal",
    code: '%%trace for=10s\nprobe syscall.kill, syscall.tgkill { printf("%s(%d): %s\\n", execname(), pid(), argstr) }',
  },
  {
    name: "disk",
    title: "How large are the requests to disks?",
    words: "block io request histogram storage",
    code: '%%trace for=5s\nglobal requests\nprobe kernel.trace("block_rq_issue") { requests <<< $rq->__data_len }\nprobe end { if (@count(requests)) print(@hist_log(requests)) }',
  },
  {
    name: "network",
    title: "How many packets does each device take and give?",
    words: "net packet device tracepoint",
    code: '%%trace for=5s\nglobal taken, given\nprobe kernel.trace("netif_receive_skb") { taken[kernel_string($skb->dev->name)]++ }\nprobe kernel.trace("net_dev_queue") { given[kernel_string($skb->dev->name)]++ }',
  },
  {
    name: "memory",
    title: "Which programs make the kernel fault pages in?",
    words: "page fault memory",
    code: "%%trace for=5s\nglobal faults\nprobe perf.sw.page_faults.sample(1) { faults[execname()]++ }",
  },
  {
    name: "sleepers",
    title: "How long do programs sleep when they ask to?",
    words: "nanosleep poll wait timer",
    code: "%%trace for=5s\nglobal sleeps\nprobe syscall.clock_nanosleep.return, syscall.nanosleep.return { sleeps[execname()] <<< gettimeofday_us() - @entry(gettimeofday_us()) }",
  },
  {
    name: "library",
    title: "How much do programs write through the C library?",
    words: "process library libc function user uprobe",
    code: '%%trace for=5s\nglobal lengths\nprobe process("/bin/sh").library("libc.so.6").function("write") { lengths <<< ulong_arg(3) }\nprobe end { if (@count(lengths)) print(@hist_log(lengths)) }',
  },
  {
    name: "background",
    title: "How do I look at a trace while it runs?",
    words: "bg watch live stop background",
    code: "%%bg calls for=30s\nglobal calls\nprobe syscall_any { calls[execname()]++ }\n",
  },
  {
    name: "cost",
    title: "What would a probe cost?",
    words: "overhead preview expensive",
    code: "%%cost\nglobal calls\nprobe syscall_any { calls[execname(), name]++ }",
  },
];

/** Options that people know from `stap` and that there are none of here: what to do in their place. */

const NO_BUILD = "nothing is built for a kernel here: scripts become eBPF by way of the running kernel's own types";
const NO_MODULE = "there is no kernel module";
const NO_CACHE = "nothing is cached: scripts compile in milliseconds";
const NO_DEBUGINFO = "no debug information is read ahead; the running kernel's types are there without it";

/** By option, a sentence without its end. */
const ADVICE: Readonly<Record<string, string>> = {
  "-a": NO_BUILD,
  "-b": "output always goes through one buffer for all CPUs, in the order of time",
  "-B": NO_BUILD,
  "-C": "diagnostics are never coloured",
  "-d": NO_DEBUGINFO,
  "-E": "one script runs at a time: put both into one file",
  "-F": "a script cannot be left behind in the kernel; run it in the background with nohup or systemd-run",
  "-i": "for an interactive session open a notebook",
  "-I": "there are no folders of tapsets; the library is built in, and `tapbook list` shows it",
  "-k": "no temporary folder is made",
  "-l": "use `tapbook list 'POINT'`",
  "-L": "use `tapbook list -L 'POINT'`, which adds their variables",
  "-m": NO_MODULE,
  "-M": "the buffer has one size for all",
  "-p": "use `tapbook check --pass parse`, `semantic` or `compile`",
  "-P": NO_DEBUGINFO,
  "-q": NO_DEBUGINFO,
  "-r": "a script runs on the machine that compiles it: start Tapbook there",
  "-R": NO_BUILD,
  "-s": "the buffer for what probes print has 8 MB; the last line of a run tells whether anything was lost",
  "-t": "the last line of a run tells what a hit costs",
  "-u": "`tapbook check --dump ir` shows what the compiler makes of a script",
  "-v": "use `tapbook check --dump types`, or `bpf`, to see what the compiler makes of a script",
  "-w": "send standard error elsewhere: `2>/dev/null`",
  "-W": "warnings never stop a script",
  "-y": "scripts compile in milliseconds",
  "--all-modules": NO_DEBUGINFO,
  "--bpf": "there is no other way to run a script: leave it out",
  "--check-version": "scripts are read as SystemTap 5.6 reads them",
  "--clean-cache": NO_CACHE,
  "--compatible": "scripts are read as SystemTap 5.6 reads them",
  "--disable-cache": NO_CACHE,
  "--download-debuginfo": NO_DEBUGINFO,
  "--dump-functions": "docs/reference/functions.md lists them",
  "--dump-probe-aliases": "`tapbook list` lists probe points",
  "--dump-probe-types": "`tapbook list` lists probe points",
  "--dyninst": "scripts run in the kernel, as eBPF",
  "--example": "give the path of a script",
  "--interactive": "for an interactive session open a notebook",
  "--ldd": NO_DEBUGINFO,
  "--modinfo": NO_MODULE,
  "--monitor": "run the script in a notebook, which shows its globals while it runs",
  "--poison-cache": NO_CACHE,
  "--privilege": "the kernel decides what this process may do; `tapbook doctor` tells",
  "--prologue-searching": NO_DEBUGINFO,
  "--remote": "a script runs on the machine that compiles it: start Tapbook there",
  "--runtime": "there is no other way to run a script than eBPF: leave it out",
  "--skip-badvars": "use `@defined($variable)` or `@choose_defined($variable, 0)` in the script",
  "--suppress-handler-errors": "let errors pass with -D MAXERRORS=N, or catch them with `try`",
  "--suppress-time-limits": "raise the limit with -D MAXACTION=N; there is no other limit of time",
  "--sysroot": NO_BUILD,
  "--target-namespaces": "probe functions that have to do with pids see those of this process's namespace",
  "--tmpdir": "no temporary folder is made",
  "--unprivileged": "the kernel decides what this process may do; `tapbook doctor` tells",
  "--use-server": "scripts compile in milliseconds, here",
  "--version": "use `tapbook --version`",
  "--vp": "use `tapbook check --dump types`, or `bpf`, to see what the compiler makes of a script",
  "-V": "use `tapbook --version`",
};

/** What to do instead of an option of `stap`, such as `-v`; undefined for what is none. */
export function adviceForStapOption(option: string): string | undefined {
  return ADVICE[option];
}

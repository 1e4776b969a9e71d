/** Which system calls a name or a pattern of a script means. */
import { isWildcard, wildcard } from "../wildcard.js";
import type { SystemCall, SystemCallTable } from "./table.js";

/** Names of SystemTap's, of other architectures and of older kernels for calls that are called otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  fadvise64_64: "fadvise64",
  fstat64: "fstat",
  fstatat: "newfstatat",
  fstatat64: "newfstatat",
  ftruncate64: "ftruncate",
  lstat64: "lstat",
  mmap2: "mmap",
  newfstat: "fstat",
  newlstat: "lstat",
  newstat: "stat",
  newuname: "uname",
  pread: "pread64",
  prlimit: "prlimit64",
  pwrite: "pwrite64",
  recv: "recvfrom",
  send: "sendto",
  sendfile64: "sendfile",
  sigaction: "rt_sigaction",
  sigpending: "rt_sigpending",
  sigprocmask: "rt_sigprocmask",
  sigqueueinfo: "rt_sigqueueinfo",
  sigreturn: "rt_sigreturn",
  sigsuspend: "rt_sigsuspend",
  sigtimedwait: "rt_sigtimedwait",
  stat64: "stat",
  truncate64: "truncate",
  umount: "umount2",
  waitpid: "wait4",
};

/**
 * Calls that programs no longer use, and what they use in their place. A script that says `syscall.*stat` means every
 * stat, also those that came after it was written; so a pattern that fits the old name means the new calls too. An exact
 * name means what it says.
 */
const SUPERSEDED: Readonly<Record<string, readonly string[]>> = {
  accept: ["accept4"],
  access: ["faccessat", "faccessat2"],
  chmod: ["fchmodat", "fchmodat2"],
  chown: ["fchownat"],
  clone: ["clone3"],
  creat: ["openat", "openat2"],
  dup2: ["dup3"],
  epoll_create: ["epoll_create1"],
  epoll_wait: ["epoll_pwait", "epoll_pwait2"],
  eventfd: ["eventfd2"],
  fork: ["clone", "clone3"],
  fstat: ["newfstatat", "statx"],
  fstatat: ["newfstatat", "statx"],
  futimesat: ["utimensat"],
  getdents: ["getdents64"],
  getrlimit: ["prlimit64"],
  inotify_init: ["inotify_init1"],
  lchown: ["fchownat"],
  link: ["linkat"],
  lstat: ["newfstatat", "statx"],
  mkdir: ["mkdirat"],
  mknod: ["mknodat"],
  open: ["openat", "openat2"],
  pipe: ["pipe2"],
  poll: ["ppoll"],
  preadv: ["preadv2"],
  pwritev: ["pwritev2"],
  readlink: ["readlinkat"],
  rename: ["renameat", "renameat2"],
  rmdir: ["unlinkat"],
  select: ["pselect6"],
  semop: ["semtimedop"],
  setrlimit: ["prlimit64"],
  signalfd: ["signalfd4"],
  stat: ["newfstatat", "statx"],
  symlink: ["symlinkat"],
  unlink: ["unlinkat"],
  utime: ["utimensat"],
  utimes: ["utimensat"],
  vfork: ["clone", "clone3"],
};

/** A shorter pattern, such as `f*`, walks the alphabet and means no family of calls. */
const FEWEST_LETTERS = 3;

/** Prefixes under which the kernel has had the functions of system calls. */
const FUNCTION_PREFIXES = ["sys_", "SyS_", "__x64_sys_", "__arm64_sys_", "__se_sys_", "__do_sys_"];

/** Functions that only one system call ends in. */
const SHARED_FUNCTIONS: Readonly<Record<string, string>> = {
  ksys_lseek: "lseek",
  ksys_pread64: "pread64",
  ksys_pwrite64: "pwrite64",
  ksys_read: "read",
  ksys_setsid: "setsid",
  ksys_sync: "sync",
  ksys_unshare: "unshare",
  ksys_write: "write",
};

/** Every name that a script may use for a system call. */
export function knownNames(table: SystemCallTable): readonly string[] {
  return [...table.byName.keys(), ...Object.keys(ALIASES)];
}

/** What took the place of a call that this architecture lacks. */
export function successors(name: string, table: SystemCallTable): readonly string[] {
  return (SUPERSEDED[name] ?? []).filter((successor) => table.byName.has(successor));
}

/** The calls that a name or pattern means, in the order of their numbers; none where there is no such call. */
export function callsNamed(pattern: string, table: SystemCallTable): readonly SystemCall[] {
  return select(table, pattern, (name) => [name]);
}

/** The calls whose functions a name or pattern means. */
export function callsOfFunction(pattern: string, table: SystemCallTable): readonly SystemCall[] {
  const shared = table.byName.get(SHARED_FUNCTIONS[pattern] ?? "");
  if (shared) return [shared];
  // A pattern such as "*" or "vfs_*" is about other functions.
  if (!/sys_/i.test(pattern)) return [];
  return select(table, pattern, (name) => FUNCTION_PREFIXES.map((prefix) => prefix + name));
}

function select(
  table: SystemCallTable,
  pattern: string,
  spellings: (name: string) => readonly string[],
): readonly SystemCall[] {
  const fits = wildcard(pattern);
  const meansFamily = isWildcard(pattern) && pattern.replace(/[^a-z]/gi, "").length >= FEWEST_LETTERS;
  const found = new Set<string>();
  for (const name of knownNames(table)) {
    if (spellings(name).some(fits)) found.add(ALIASES[name] ?? name);
  }
  if (meansFamily) {
    for (const [name, replacements] of Object.entries(SUPERSEDED)) {
      if (spellings(name).some(fits)) for (const replacement of replacements) found.add(replacement);
    }
  }
  return table.calls.filter(({ name }) => found.has(name));
}

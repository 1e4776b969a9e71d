/**
 * Makes the tables of system calls in kernel/probes/system_call/: numbers and names from the C library's kernel headers,
 * functions and arguments from the running kernel's trace events. Needs root (for tracefs, mounted in a namespace of its
 * own, which leaves the machine's mounts alone), `unshare` and a C preprocessor. Run it on the newest kernel at hand.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

const folder = new URL("../kernel/probes/system_call/", import.meta.url);

/** Calls whose function is not named after them. Architectures agree on these, where they have the call. */
const FUNCTIONS = {
  stat: "newstat",
  fstat: "newfstat",
  lstat: "newlstat",
  uname: "newuname",
  sendfile: "sendfile64",
  umount2: "umount",
};

/** Calls that are younger than the headers of an older distribution; all architectures share these numbers. */
const YOUNG = {
  cachestat: 451,
  fchmodat2: 452,
  map_shadow_stack: 453,
  futex_wake: 454,
  futex_wait: 455,
  futex_requeue: 456,
  statmount: 457,
  listmount: 458,
  lsm_get_self_attr: 459,
  lsm_set_self_attr: 460,
  lsm_list_modules: 461,
  mseal: 462,
  setxattrat: 463,
  getxattrat: 464,
  listxattrat: 465,
  removexattrat: 466,
  open_tree_attr: 467,
  file_getattr: 468,
  file_setattr: 469,
};
const YOUNG_X86_64 = { uretprobe: 335, uprobe: 336 };

/** Arguments of calls that a kernel may be built without. */
const PROTOTYPES = {
  delete_module: ["const char * name_user", "unsigned int flags"],
  finit_module: ["int fd", "const char * uargs", "int flags"],
  init_module: ["void * umod", "unsigned long len", "const char * uargs"],
  kexec_file_load: [
    "int kernel_fd",
    "int initrd_fd",
    "unsigned long cmdline_len",
    "const char * cmdline_ptr",
    "unsigned long flags",
  ],
  kexec_load: [
    "unsigned long entry",
    "unsigned long nr_segments",
    "struct kexec_segment * segments",
    "unsigned long flags",
  ],
  lookup_dcookie: ["u64 cookie64", "char * buf", "size_t len"],
  map_shadow_stack: ["unsigned long addr", "unsigned long size", "unsigned int flags"],
  uselib: ["const char * library"],
};

/** Names that the headers number but no kernel of the supported range implements. */
const GONE = new Set(
  "_sysctl afs_syscall create_module epoll_ctl_old epoll_wait_old get_kernel_syms get_thread_area getpmsg nfsservctl putpmsg query_module security set_thread_area tuxcall vserver".split(
    " ",
  ),
);

function preprocess(source) {
  const text = execFileSync("cpp", ["-dM", "-"], { input: source, encoding: "utf8" });
  const definitions = new Map(Array.from(text.matchAll(/^#define (\w+) (\w+)$/gm), ([, name, value]) => [name, value]));
  const numbers = new Map();
  for (const [name, written] of definitions) {
    if (!name.startsWith("__NR_")) continue;
    let value = written;
    while (definitions.has(value)) value = definitions.get(value);
    // Ends of ranges are no calls.
    if (/^\d+$/.test(value) && !/^__NR_(syscalls|arch_specific_syscall)$/.test(name))
      numbers.set(name.slice(5), Number(value));
  }
  return numbers;
}

function tracedArguments() {
  const script = 'mount -t tracefs tracefs /mnt && cd /mnt/events/syscalls && grep -H "field:" sys_enter_*/format';
  const text = execFileSync("unshare", ["-m", "sh", "-c", script], { encoding: "utf8", maxBuffer: 1 << 26 });
  const traced = new Map();
  for (const [, name, field] of text.matchAll(/^sys_enter_(\w+)\/format:\s*field:([^;]+);/gm)) {
    const known = traced.get(name) ?? [];
    traced.set(name, known);
    if (!/ (common_\w+|__syscall_nr)$/.test(field)) known.push(field.trim());
  }
  return traced;
}

async function write(architecture, numbers, traced) {
  const calls = [...numbers].filter(([name]) => !GONE.has(name)).toSorted(([, a], [, b]) => a - b);
  const rows = calls.map(([name, number]) => {
    const entry = FUNCTIONS[name] ?? name;
    const parameters = traced.get(entry) ?? PROTOTYPES[entry];
    if (!parameters) console.error(`${architecture}: the arguments of ${name} are unknown`);
    return `  [${number}, ${JSON.stringify(name)}, ${JSON.stringify(entry)}, ${JSON.stringify((parameters ?? []).join(", "))}],`;
  });
  const file = new URL(`system_calls_${architecture}.generated.ts`, folder);
  const text = `/** Made by scripts/generate-system-calls.mjs: number, name, name of the kernel's function without its prefix, arguments. */
import type { SystemCallRow } from "./table.js";

export const rows: readonly SystemCallRow[] = [
${rows.join("\n")}
];
`;
  const options = await resolveConfig(fileURLToPath(file));
  writeFileSync(file, await format(text, { ...options, parser: "typescript" }));
  console.log(`${architecture}: ${rows.length} system calls`);
}

const traced = tracedArguments();
const native = preprocess("#include <asm/unistd_64.h>\n");
const generic = preprocess(`#define __BITS_PER_LONG 64
#define __ARCH_WANT_NEW_STAT
#define __ARCH_WANT_SET_GET_RLIMIT
#define __ARCH_WANT_RENAMEAT
#define __ARCH_WANT_SYS_CLONE3
#define __ARCH_WANT_MEMFD_SECRET
#include <asm-generic/unistd.h>
`);
for (const [name] of generic) if (name.startsWith("3264_")) generic.delete(name);
for (const [name, number] of Object.entries(YOUNG)) {
  if (!native.has(name)) native.set(name, number);
  if (!generic.has(name)) generic.set(name, number);
}
for (const [name, number] of Object.entries(YOUNG_X86_64)) native.set(name, number);
await write("x86_64", native, traced);
await write("aarch64", generic, traced);

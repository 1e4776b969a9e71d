/** What the checker says of the kernel's types, and of what is read through them. */
import type { ProgramFile } from "../program_file.js";
import type { Span } from "../source.js";
import type { TypeReference } from "../types/data_type.js";
import { namedMembers } from "../types/layout.js";
import { describeType } from "../types/type_text.js";
import { complaint, didYouMean, type Complaint } from "./messages.js";

export { report } from "./messages.js";

/** More names than this are counted rather than listed. */
const MOST_LISTED = 24;

function listed(names: readonly string[]): string {
  if (names.length === 0) return "It has none.";
  const shown = names.slice(0, MOST_LISTED).join(", ");
  return names.length > MOST_LISTED ? `It has ${shown}, … (${names.length} in all).` : `It has ${shown}.`;
}

export const noSuchMember = (container: TypeReference, name: string): Complaint => {
  const names = namedMembers(container).map((member) => member.name);
  return complaint(
    "data/no-such-member",
    `\`${describeType(container)}\` has no member \`${name}\``,
    `${didYouMean(name, names, "")} ${listed(names)}`.trim(),
  );
};

export const noMembers = (text: string, type: TypeReference): Complaint =>
  complaint(
    "data/no-members",
    `${text} is ${article(type)}, which has no members`,
    "`->` goes on from a struct, a union, or a pointer to one; @cast(…) makes a pointer of a number.",
  );

export const noElements = (text: string, type: TypeReference): Complaint =>
  complaint(
    "data/no-elements",
    `${text} is ${article(type)}, which has no elements`,
    "`[]` counts in an array, or behind a pointer to something whose size is known.",
  );

function article(type: TypeReference): string {
  const text = describeType(type);
  return text.startsWith("a") ? text : `\`${text}\``;
}

export const untyped = (text: string, isMixed: boolean): Complaint =>
  complaint(
    "data/untyped",
    isMixed
      ? `\`${text}\` is given values of different types, so that nothing tells what it points to`
      : `\`${text}\` is a plain number: nothing tells what it points to`,
    `Say it with @cast(${text}, "task_struct"), or whichever type it is.`,
  );

export const notReadable = (text: string, type: TypeReference): Complaint =>
  complaint(
    "data/unreadable",
    `${text} is ${article(type)}, which no number of the language can hold`,
    "Take its address with `&`, or read one of its parts.",
  );

export const noAddress = (text: string): Complaint =>
  complaint("data/address", `${text} has no address: it is a value, and nothing tells where that lies`);

export const addressOfBits = (text: string): Complaint =>
  complaint(
    "data/address",
    `${text} is a bitfield, and bits have no address`,
    "Read it, or take a neighbour's address.",
  );

export const noTypes = (module: string | null): Complaint =>
  complaint(
    "data/no-types",
    module === null
      ? "this kernel tells nothing of its types: it has no BTF"
      : `nothing is known of the types of the module \`${module}\``,
    module === null
      ? "A kernel built with CONFIG_DEBUG_INFO_BTF has /sys/kernel/btf/vmlinux."
      : "A module tells its types only while it is loaded; leave the module out for the kernel's own types.",
  );

export const badTypeName = (text: string): Complaint =>
  complaint(
    "data/no-such-type",
    `\`${text}\` is no type`,
    'Write it as in C: "task_struct", "struct sock *", "unsigned int".',
  );

export const noSuchType = (text: string, name: string, owners: readonly string[], known: Iterable<string>): Complaint =>
  complaint(
    "data/no-such-type",
    owners.length === 1
      ? `${owners[0]} has no type \`${text}\``
      : `neither ${owners.join(" nor ")} has a type \`${text}\``,
    didYouMean(
      name,
      known,
      'Types of a module or a program need its name: @cast(p, "type", "module") or @cast(p, "type", "/path/to/program").',
    ),
  );

export const headerTypes = (name: string): Complaint =>
  complaint(
    "data/no-types",
    `types of the header ${name} are not read: that takes a C compiler`,
    'Name a program that uses the type: @cast(p, "type", "/path/to/program").',
  );

export const noSuchProgram = (name: string, reason: string): Complaint =>
  complaint("data/no-types", `nothing is known of \`${name}\`: ${reason}`);

export const noDebugInformation = (path: string, what: string): Complaint =>
  complaint(
    "data/no-types",
    `\`${path}\` has no debug information that can be read, which alone tells its ${what}`,
    "Build it with -g, or install its distribution's debug package.",
  );

export const severalVariables = (name: string, path: string, files: readonly string[]): Complaint =>
  complaint(
    "data/no-such-symbol",
    `\`${path}\` has several variables \`${name}\``,
    `Say which: ${files.map((file) => `@var("${name}@${file}")`).join(", ")}.`,
  );

export const variableElsewhere = (name: string, file: string, files: readonly string[]): Complaint =>
  complaint(
    "data/no-such-symbol",
    `\`${file}\` declares no variable \`${name}\``,
    `It is declared in ${[...new Set(files)].join(", ")}.`,
  );

export const variableOfThreads = (name: string, path: string, reason: string): Complaint =>
  complaint(
    "data/no-such-symbol",
    `each thread of \`${path}\` has a \`${name}\` of its own, and where those lie is not known here: ${reason}`,
    "A function's parameter or local variable that points to it can be followed.",
  );

export const variableUnplaced = (name: string, path: string): Complaint =>
  complaint("data/no-such-symbol", `\`${path}\` does not tell in one address where it keeps \`${name}\``);

export const programMoved = (name: string, path: string, reason: string): Complaint =>
  complaint("data/no-such-symbol", `where \`${path}\` has its \`${name}\` is not known here: ${reason}`);

export const otherProgram = (name: string, path: string): Complaint =>
  complaint(
    "data/no-such-symbol",
    `\`${name}\` of \`${path}\` can be read only in probes on that file, where it is known how far its addresses were moved`,
    `Probe it: process("${path}").function("…").`,
  );

export const literalNeeded = (user: string, what: string): Complaint =>
  complaint("data/literal", `${user} needs ${what} in quotes, as it is needed before the script runs`);

/** `program`: the one whose variables are meant as well, or null. */
export const noSuchSymbol = (
  name: string,
  program: Pick<ProgramFile, "path" | "debug"> | null,
  known: Iterable<string>,
): Complaint =>
  complaint(
    "data/no-such-symbol",
    program
      ? `neither \`${program.path}\` nor this kernel tells of a variable \`${name}\``
      : `nothing tells where the kernel keeps \`${name}\``,
    didYouMean(
      name,
      known,
      program && !program.debug
        ? "The program has no debug information that can be read, which alone tells of all variables."
        : "Variables are in /proc/kallsyms only where the kernel was built with CONFIG_KALLSYMS_ALL, and their addresses only where kernel.kptr_restrict and the user's rights allow it.",
    ),
  );

/** `path`: the program's, where it is none of the kernel. */
export const untypedSymbol = (name: string, path: string | null): Complaint =>
  complaint(
    "data/untyped",
    path === null
      ? `BTF tells no type of \`${name}\`, only of variables that each CPU has its own of`
      : `\`${path}\` tells where its \`${name}\` is, but no type of it: it has no debug information`,
    `Say it with @cast(&@var("${name}"), "…").`,
  );

export const noSuchEnumerator = (name: string, owners: readonly string[]): Complaint =>
  complaint(
    "data/no-such-enumerator",
    `no enumeration of ${owners.join(" and of ")} has \`${name}\``,
    "A name made by #define is none: write its number.",
  );

export const notAnEnumeration = (text: string): Complaint =>
  complaint("data/no-such-type", `${text} is no enumeration`, 'Name one: @enumname(value, "enum pid_type").');

export const needsGuru = (user: string): Complaint =>
  complaint(
    "guru/needed",
    `${user} reads whatever lies at an address and needs guru mode`,
    "Switch it on with %guru or -g; kernel_long() and u_register() with their kin do without.",
  );

export const functionNeedsGuru = (name: string): Complaint =>
  complaint("guru/needed", `\`${name}\` acts on what is traced and needs guru mode`, "Switch it on with %guru or -g.");

export const badSize = (user: string): Complaint =>
  complaint("data/literal", `${user} reads 1, 2, 4 or 8 bytes, and the number must be written`);

export const noSuchRegister = (user: string, architecture: string): Complaint =>
  complaint(
    "data/literal",
    `${user} needs the number of a register, written out, as debug information for ${architecture} counts them`,
    architecture === "x86_64"
      ? '0 is rax, 1 rdx, 2 rcx, 3 rbx, 4 rsi, 5 rdi, 6 rbp, 7 rsp, 8 to 15 are r8 to r15, 16 is the return address; register("rax") goes by name.'
      : '0 to 30 are x0 to x30, 31 is sp, 32 pc; register("x0") goes by name.',
  );

export const readInUserSpace = (point: string, inFunction: Span | null): Complaint =>
  complaint(
    "data/user-space",
    `${inFunction ? "this call reads" : "this reads"} the kernel's memory, which \`${point}\` cannot: it runs in user space`,
    "Read it in the probe of an event, and keep it in a global.",
    inFunction && { span: inFunction, message: "it is read here" },
  );

export const writeNeedsGuru = (text: string): Complaint =>
  complaint(
    "assignment/target-variable",
    `\`${text}\` belongs to what is traced and cannot be changed`,
    "Copy it to a variable of another name, and change that; in guru mode (%guru, -g) the variables of programs can be changed.",
  );

const COPY = "Copy it to a variable of another name, and change that.";

const ONLY_MEMORY = "no eBPF program can change anything but the memory of a program, in guru mode either";

export const writeToKernel = (text: string): Complaint =>
  complaint("assignment/target-variable", `\`${text}\` is the kernel's, and ${ONLY_MEMORY}`, COPY);

export const notInMemory = (text: string): Complaint =>
  complaint(
    "assignment/target-variable",
    `\`${text}\` does not lie in the memory of a program here, and ${ONLY_MEMORY}`,
    COPY,
  );

export const writeToBits = (text: string): Complaint =>
  complaint(
    "assignment/target-variable",
    `\`${text}\` is a part of a byte, which cannot be changed without the rest of it`,
    "Only what fills whole bytes can be changed.",
  );

export const writeToAggregate = (text: string, type: TypeReference): Complaint =>
  complaint(
    "assignment/target-variable",
    `\`${text}\` is ${article(type)}, which cannot be changed as a whole`,
    "Assign to its parts, as far as they are numbers or pointers.",
  );

export const writeRefused = (text: string, answer: string): Complaint =>
  complaint(
    "guru/refused",
    `\`${text}\` cannot be changed on this machine, whose kernel lets no eBPF program write into the memory of others: ${answer}`,
    "Tapbook respects that; what is traced can still be read.",
  );

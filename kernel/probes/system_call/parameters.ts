/** Arguments of system calls: what a C type means for a script, and how `argstr` writes it. */
import { systemTapNames } from "./parameter_names.js";

/** How `argstr` writes an argument. */
export type Notation = "text" | "directory" | "hexadecimal" | "octal" | "signed" | "unsigned";

export interface Parameter {
  /** As the kernel calls it. */
  readonly name: string;
  /** As SystemTap calls it, where that differs; may be several. */
  readonly otherNames: readonly string[];
  readonly type: string;
  /** Which register carries it, from 0. */
  readonly index: number;
  readonly notation: Notation;
  /** Bits of the register that count. */
  readonly bits: 16 | 32 | 64;
  readonly isSigned: boolean;
  readonly isPointer: boolean;
}

const SIGNED_32 = /^(int|pid_t|clockid_t|key_t|timer_t|mqd_t|key_serial_t|qid_t|rwf_t|__s32|enum \w+)$/;
const UNSIGNED_32 = /^(unsigned int|unsigned|u32|__u32|uid_t|gid_t)$/;
const SIGNED_64 = /^(long|off_t|loff_t)$/;

/** Types that are pointers though C does not show it. */
const HIDDEN_POINTER = /^cap_user_(header|data)_t$/;

/** Zero-terminated texts among the arguments of type `char *`; the others are buffers. */
const TEXT =
  /^(filename|pathname|(from|to)_pathname|path|name|oldname|newname|special|specialfile|u_name|uname|name_user|put_old|new_root|dev_name|dir_name|type|_type|_description|_fs_name|_callout_info|library)$/;

/** Numbers that are bit sets or addresses. */
const HEXADECIMAL = /^(\w*flags?|prot|addr|start|start_stack|brk|arg|\w+_addr|newsp|tls|mask)$/;

export function parseParameters(call: string, text: string): readonly Parameter[] {
  if (text === "") return [];
  return text.split(", ").map((written, index) => parseParameter(call, written, index));
}

function parseParameter(call: string, written: string, index: number): Parameter {
  const [, type = "", name = ""] = /^(.*?)\s*(\w+)$/.exec(written) ?? [];
  const plain = type
    .replace(/\bconst\b/g, "")
    .replace(/\s+/g, " ")
    .trim();
  const isPointer = plain.includes("*") || HIDDEN_POINTER.test(plain);
  // File descriptors are declared in many ways, and -1 is meant by all of them.
  const isDescriptor = !isPointer && name.endsWith("fd");
  const isSigned32 = isDescriptor || SIGNED_32.test(plain);
  const bits = isSigned32 || UNSIGNED_32.test(plain) ? 32 : plain === "umode_t" ? 16 : 64;
  const isSigned = isSigned32 || SIGNED_64.test(plain);
  const isText = plain === "char *" && TEXT.test(name);
  const notation = ((): Notation => {
    if (isText) return "text";
    if (isPointer) return "hexadecimal";
    if (isDescriptor && name.endsWith("dfd")) return "directory";
    if (plain === "umode_t" || call === "umask") return "octal";
    if (HEXADECIMAL.test(name) || (call === "ioctl" && name === "cmd")) return "hexadecimal";
    return isSigned ? "signed" : "unsigned";
  })();
  const otherNames = systemTapNames(call, name, isPointer);
  return { name, otherNames, type, index, notation, bits, isSigned, isPointer };
}

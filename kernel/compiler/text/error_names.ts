/** Names of the kernel's error numbers, as a fixed set that travels as numbers. */
import type { NameSet } from "../compiled.js";

// asm-generic/errno-base.h and errno.h in the order of their numbers, from 1. Empty where a number has no name of its own.
const NUMBERED =
  `EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY
EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE
EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI
EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV
ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC
EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT
EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS
EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN
ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED
EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON`.split(/\s+/);

// linux/errno.h: numbers that programs never see, but the return tracepoint does.
const INTERNAL: readonly (readonly [number, string])[] = [
  [512, "ERESTARTSYS"],
  [513, "ERESTARTNOINTR"],
  [514, "ERESTARTNOHAND"],
  [515, "ENOIOCTLCMD"],
  [516, "ERESTART_RESTARTBLOCK"],
  [517, "EPROBE_DEFER"],
  [518, "EOPENSTALE"],
  [519, "ENOPARAM"],
];

export const errorNames: NameSet = {
  id: "errno",
  names: new Map([
    // What numbers without a name are taken for inside the kernel.
    [0, ""] as const,
    ...NUMBERED.map((name, index) => [index + 1, name] as const).filter(([, name]) => name !== "-"),
    ...INTERNAL,
  ]),
};

/** The name of an error number, given as it is or below zero; "" where it has none. */
export function errorName(number: bigint): string {
  const magnitude = number < 0n ? -number : number;
  return magnitude > 4095n ? "" : (errorNames.names.get(Number(magnitude)) ?? "");
}

export type ReturnNotation = "decimal" | "hexadecimal";

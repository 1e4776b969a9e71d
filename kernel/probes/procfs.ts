/** `procfs("NAME").read` and `.write`: files that a script serves while it runs. */
import type { ContextVariable, PointPattern, ProbeFamily, Resolution, Target } from "../compiler/catalogue.js";
import { componentsText, refused } from "./points.js";

const FAMILY = "procfs";

/** As in SystemTap. */
const USUAL_NAME = "command";

/** More than this in one read is for several files. */
const LARGEST_FILE = 1n << 20n;

const PERMISSIONS = 0o777n;

const value: ContextVariable = {
  name: "$value",
  type: "string",
  summary: "What the file holds for whoever reads it, or what was written to it.",
  user: (runtime) => runtime.input ?? "",
};

interface Options {
  access: "read" | "write" | null;
  maxSize: number | null;
  umask: number | null;
}

export const procfs: ProbeFamily = {
  name: FAMILY,
  summary:
    "A file of the script's own, there while it runs: the folder is shown when the trace starts (`/run/tapbook/…`; SystemTap has it under `/proc`). " +
    "Each reader runs the `.read` handler afresh and gets what it leaves in `$value`; each writer runs the `.write` handler when it closes the file, with what was written in `$value`. " +
    "One file may have both, and any number may read and write it at once. The handlers run in user space, with all globals; an error in one is the reader's or the writer's I/O error. " +
    "`.maxsize(N)` lets the text have up to N bytes, where strings of the language end; what is longer is refused to whoever writes it (EFBIG). " +
    "`.umask(N)` takes permissions from `r--r--r--` and `-w--w--w-`; without it, 0077 leaves them to the user that runs the script. Without a name, the file is `command`. " +
    '`prometheus` is `procfs("prometheus").read` for metrics in Prometheus\'s text format, which `@prometheus_dump_array1(array, "name", "label")` writes of an array of numbers, ' +
    "and likewise `…array2` to `…array9` for as many keys; `json_data` serves `data.json` and `metadata.json` (`json_set_prefix()` and its neighbours). " +
    "The files are a file system of the session's (FUSE), which takes `/dev/fuse`, `mount` and CAP_SYS_ADMIN.",
  forms: [
    'procfs("NAME").read',
    'procfs("NAME").write',
    'procfs("NAME").read.maxsize(N)',
    'procfs("NAME").umask(N).read',
    "procfs.read",
    "procfs.write",
    "prometheus",
    "json_data",
  ],
  example:
    'global reads\nprobe procfs("reads").read { $value = sprintf("%d\\n", ++reads) }\nprobe procfs("reads").write { reads = strtol($value, 10) }\nprobe timer.s(5) { exit() }',

  resolve(pattern, target): Resolution | null {
    const [first, ...rest] = pattern.components;
    if (first?.name !== FAMILY) return null;
    const point = componentsText(pattern);
    const name = first.argument ?? USUAL_NAME;
    if (typeof name !== "string" || !isName(name))
      return refused(
        `${point}: a file is given by its name, which is relative and goes nowhere else`,
        'write procfs("status").read',
      );
    const options = readOptions(point, rest);
    if ("kind" in options) return options;
    const { access, maxSize, umask } = options;
    if (access === null)
      return refused(`${point}: .read or .write?`, `${FAMILY}("${name}").read runs when somebody reads the file`);
    return (
      filesRefusal(point, target) ?? {
        kind: "resolved",
        probes: [
          {
            point,
            probe: {
              kind: "user",
              moment: { kind: "file", access, file: { name, maxSize, umask } },
              variables: new Map([[value.name, access === "read" ? { ...value, isAssignable: true } : value]]),
            },
          },
        ],
      }
    );
  },

  complete: (prefix) =>
    [`${FAMILY}("`, `${FAMILY}.read`, `${FAMILY}.write`].filter((point) => point.startsWith(prefix)),
};

function isName(name: string): boolean {
  return name.split("/").every((part) => part !== "" && part !== "." && part !== ".." && !part.includes("\0"));
}

function readOptions(point: string, components: PointPattern["components"]): Options | Resolution {
  const options: Options = { access: null, maxSize: null, umask: null };
  for (const { name, argument } of components) {
    if (name === "read" || name === "write") {
      if (argument !== null) return refused(`${point}: .${name} takes no argument`);
      if (options.access !== null) return refused(`${point}: .read and .write are points of their own`);
      options.access = name;
    } else if (name === "maxsize") {
      if (typeof argument !== "bigint" || argument <= 0n || argument > LARGEST_FILE)
        return refused(`${point}: .maxsize needs a number of bytes from 1 to ${LARGEST_FILE}`);
      options.maxSize = Number(argument);
    } else if (name === "umask") {
      if (typeof argument !== "bigint" || argument < 0n || argument > PERMISSIONS)
        return refused(`${point}: .umask needs permissions from 0 to 0777`);
      options.umask = Number(argument);
    } else
      return refused(`${point}: a file has no part called .${name}`, "it has .read, .write, .maxsize(N) and .umask(N)");
  }
  return options;
}

function filesRefusal(point: string, target: Target): Resolution | null {
  const refusal = target.refusal({ kind: "files" });
  if (refusal === null) return null;
  return refused(
    `${point}: this machine lets us serve no files: ${refusal}`,
    "it takes /dev/fuse and CAP_SYS_ADMIN; without, print what the file would hold, in timer.s(N)",
  );
}

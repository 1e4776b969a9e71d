/** The table of what each family came to on each kernel, from what the virtual machines wrote down. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

type Seen = { readonly form: string } & ({ readonly mechanisms: readonly string[] } | { readonly refusal: string });

interface SeenKernels {
  readonly kernels: readonly { readonly release: string; readonly suite: string; readonly families: readonly Seen[] }[];
}

const FILE = fileURLToPath(new URL("../vm/families_seen.json", import.meta.url));

/** Empty where no machine has written any down yet. */
export function familiesTable(): string {
  if (!existsSync(FILE)) return "";
  const { kernels } = JSON.parse(readFileSync(FILE, "utf8")) as SeenKernels;
  const forms = [...new Set(kernels.flatMap(({ families }) => families.map(({ form }) => form)))];
  const refusals: string[] = [];
  const cell = (seen: Seen | undefined): string => {
    if (!seen) return "–";
    if ("mechanisms" in seen) return [...new Set(seen.mechanisms.map(mechanismName))].join(", ") || "in user space";
    const sentence = seen.refusal;
    if (!refusals.includes(sentence)) refusals.push(sentence);
    return `refused <sup>${refusals.indexOf(sentence) + 1}</sup>`;
  };
  const rows = forms.map((form) => [
    `\`${form}\``,
    ...kernels.map(({ families }) => cell(families.find((seen) => seen.form === form))),
  ]);
  const titles = ["", ...kernels.map(({ release, suite }) => `${release}${suite ? ` (Debian ${suite})` : ""}`)];
  const table = [titles, titles.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
  const notes = refusals.map((sentence, index) => `${index + 1}. ${sentence.replaceAll("<", "&lt;")}`).join("\n");
  return (
    "## On which kernels\n\nWhat `npm run test:vm -- --write` saw: a script of each family was run against a workload whose events it had to count exactly. " +
    "A word stands for the mechanism by which it was attached: `tp_btf` is a program on a tracepoint that gets what the tracepoint was called with, " +
    "`tracepoint` one that gets the record which the kernel makes of it for tracefs.\n\n" +
    `${table}\n\nRefused, with these words:\n\n${notes}\n`
  );
}

/** `fentry vfs_read` → `fentry`; the functions differ from kernel to kernel. */
function mechanismName(mechanism: string): string {
  return mechanism.startsWith("hardware watchpoint") ? "hardware watchpoint" : (mechanism.split(" ")[0] ?? "");
}

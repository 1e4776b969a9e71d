/** The reference pages, made from the registries: completion, hover help and these pages say the same. */
import type { FunctionDescription, ProbeFamily } from "../../kernel/compiler/catalogue.js";
import { command as check } from "../../kernel/cli/check.js";
import { command as doctor } from "../../kernel/cli/doctor.js";
import { command as install } from "../../kernel/cli/install.js";
import { command as list } from "../../kernel/cli/list.js";
import { command as notebook } from "../../kernel/cli/notebook.js";
import { command as uninstall } from "../../kernel/cli/uninstall.js";
import { command as run } from "../../kernel/cli/run.js";
import { magics, type Magic } from "../../kernel/magics/index.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { familiesTable } from "./families_seen.js";

const GENERATED =
  "<!-- Made from the registries by `UPDATE_REFERENCE=1 npm run test:unit -- test/docs`; do not edit. -->\n";

/** File names under docs/reference/ and their texts. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ["functions.md", functionsPage()],
    ["probes.md", probesPage()],
    ["magics.md", magicsPage()],
    ["command-line.md", commandLinePage()],
  ]);
}

function functionsPage(): string {
  const topics = new Map<string, FunctionDescription[]>();
  for (const entry of [...catalogue.functions, ...(catalogue.library ?? [])])
    topics.set(entry.topic, [...(topics.get(entry.topic) ?? []), entry]);
  const sections = [...topics].map(([topic, entries]) => `## ${topic}\n\n${entries.map(functionEntry).join("\n")}`);
  return `${GENERATED}# Functions\n\n${sections.join("\n")}`;
}

function functionEntry(entry: FunctionDescription): string {
  const parameters = entry.parameters.map(({ name, type }) => `${name}:${type}`).join(", ");
  const lines = [
    `### \`${entry.name}(${parameters})${entry.returns === null ? "" : `:${entry.returns}`}\``,
    "",
    entry.summary,
    "",
  ];
  for (const { name, meaning } of entry.parameters) lines.push(`- \`${name}\`: ${meaning}`);
  if (entry.parameters.length > 0) lines.push("");
  if (entry.unit !== undefined) lines.push(`Unit: ${entry.unit}.`, "");
  if (entry.needsGuru) lines.push("Only in guru mode, which `%guru` and `-g` switch on.", "");
  if (entry.kernelRefusal !== undefined) lines.push(`Not inside probes on events: ${entry.kernelRefusal}.`, "");
  if (entry.userRefusal !== undefined) lines.push(`Only inside probes on events: ${entry.userRefusal}.`, "");
  return `${lines.join("\n")}${codeBlock(entry.example)}`;
}

function probesPage(): string {
  return `${GENERATED}# Probe points\n\n${[...catalogue.families.map(familyEntry), familiesTable()].filter(Boolean).join("\n")}`;
}

function familyEntry(family: ProbeFamily): string {
  return `## ${family.name}\n\n${family.summary}\n\n${family.forms.map((form) => `- \`${form}\``).join("\n")}\n\n${codeBlock(family.example)}`;
}

function magicsPage(): string {
  const rows = [...magics.map(({ usage }) => usage), "!COMMAND"].map((usage) => `- \`${usage}\``);
  const shell = "## !COMMAND\n\nRuns a command of the shell.\n";
  return `${GENERATED}# Magics\n\nMagics and commands stand on lines of their own, outside of blocks, and run before the script of the cell.\n\n${rows.join("\n")}\n\n${[...magics.map(magicEntry), shell].join("\n")}`;
}

function magicEntry({ kind, name, usage, summary, example, arguments: expected = [] }: Magic): string {
  const options = expected.flatMap((argument) =>
    argument.kind === "option" ? [`- \`${argument.text}\`: ${argument.meaning}`] : [],
  );
  const list = options.length > 0 ? `${options.join("\n")}\n\n` : "";
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  return `## ${kind === "cell" ? "%%" : "%"}${name}\n\n\`${usage}\`\n\n${sentence}\n\n${list}${codeBlock(example)}`;
}

/** What each command says of itself when asked for help. */
function commandLinePage(): string {
  const commands = { run, check, list, doctor, notebook, install, uninstall };
  const sections = Object.entries(commands).map(
    ([name, { help }]) => `## tapbook ${name}\n\n\`\`\`text\n${help}\n\`\`\`\n`,
  );
  return `${GENERATED}# The command line\n\n\`tapbook COMMAND --help\` prints these pages.\n\n${sections.join("\n")}`;
}

function codeBlock(code: string): string {
  return `\`\`\`systemtap\n${code.trim()}\n\`\`\`\n`;
}

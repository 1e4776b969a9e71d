#!/usr/bin/env node
/** `tapbook`: the list of its subcommands. Each is loaded when it is asked for, since starting fast matters more than anything else here. */
import { VERSION } from "../session/version.js";
import { CommandError, UsageError, type Command } from "./command.js";

interface Entry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

const commands: readonly Entry[] = [
  { name: "run", summary: "run a script", load: () => import("./run.js") },
  {
    name: "check",
    summary: "tell whether scripts would be accepted, loading nothing",
    load: () => import("./check.js"),
  },
  { name: "list", summary: "list probe points", load: () => import("./list.js") },
  {
    name: "doctor",
    summary: "tell what this machine supports, and why not where not",
    load: () => import("./doctor.js"),
  },
  { name: "notebook", summary: "execute a notebook", load: () => import("./notebook.js") },
  { name: "install", summary: "make Tapbook known to Jupyter", load: () => import("./install.js") },
  { name: "uninstall", summary: "take away what install wrote", load: () => import("./uninstall.js") },
];

const width = Math.max(...commands.map(({ name }) => name.length));
const usage = [
  "usage: tapbook COMMAND [OPTION]... [ARGUMENT]...",
  "",
  ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
  "",
  "`tapbook COMMAND --help` tells more; `tapbook --version` which version this is.",
].join("\n");

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === "--help" || name === "-h") return print(usage);
  if (name === "--version" || name === "-V") return print(`tapbook ${VERSION}`);
  const entry = commands.find((candidate) => candidate.name === name);
  if (!entry) return complain(name === undefined ? usage : `tapbook: there is no command ${name}\n${usage}`, 2);
  const { command } = await entry.load();
  const ours = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (ours.includes("--help") || ours.includes("-h")) return print(command.help);
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) {
      const [synopsis] = command.help.split("\n\n");
      return complain(`tapbook ${name}: ${error.message}\n${synopsis}\n\`tapbook ${name} --help\` tells more.`, 2);
    }
    if (error instanceof CommandError) return complain(`tapbook: ${error.message}`, 1);
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return complain(`${cause}\nThis is a defect of Tapbook: please report it with the command that shows it.`, 1);
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function complain(text: string, status: number): number {
  process.stderr.write(`${text}\n`);
  return status;
}

// Whoever reads a list may stop in the middle of it.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
// Not left to the event loop: a command of `-c` that does not want to end must not hold us.
process.exit(await main(process.argv.slice(2)));

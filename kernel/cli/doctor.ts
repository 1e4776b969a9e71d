/** `tapbook doctor`: what this machine supports, each line with the reason where it does not. */
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Finding } from "../session/machine_report.js";
import { onlyFlags, type Command } from "./command.js";
import { loadEngine } from "./engine.js";
import { dataFolders, findKernelspec } from "./kernelspec.js";

const help = `usage: tapbook doctor

Tells what this machine supports: the kernel is asked by loading and attaching tiny programs, which are removed at once.

  -h, --help       this text

Status: 0 when scripts with probes can run here, 1 when they cannot, 2 for wrong use.`;

const MARKS: Readonly<Record<Finding["state"], string>> = { good: "ok", absent: "no", bad: "MISSING" };

export const command: Command = {
  help,
  async run(args) {
    onlyFlags(args);
    const [{ native }, { examineMachine }] = await Promise.all([loadEngine(), import("../session/machine_report.js")]);
    const findings = [nodeRelease(), ...examineMachine(native), jupyter(), kernelspec()];
    const width = Math.max(...findings.map(({ subject }) => subject.length));
    for (const { subject, state, detail } of findings) {
      process.stdout.write(`${MARKS[state].padEnd(7)}  ${subject.padEnd(width)}  ${detail}\n`);
    }
    const isUsable = findings.every(({ state }) => state !== "bad");
    process.stdout.write(isUsable ? "Scripts with probes can run here.\n" : "Scripts with probes cannot run here.\n");
    return isUsable ? 0 : 1;
  },
};

function nodeRelease(): Finding {
  return { subject: "Node", state: "good", detail: `${process.version}, ${process.arch}` };
}

function jupyter(): Finding {
  const subject = "Jupyter";
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const found = ["jupyter-lab", "jupyter-notebook", "jupyter"]
    .map((name) => firstExecutable(name, folders))
    .find((path) => path !== null);
  if (found) return { subject, state: "good", detail: found };
  return {
    subject,
    state: "absent",
    detail: "no jupyter-lab, jupyter-notebook or jupyter in PATH; `tapbook run` does without",
  };
}

function kernelspec(): Finding {
  const subject = "kernelspec";
  const found = findKernelspec();
  if (!found) {
    return {
      subject,
      state: "absent",
      detail: `not in ${dataFolders().join(", ")}; \`tapbook install\` puts it there`,
    };
  }
  const [missing] = found.argv.filter((word) => word.startsWith("/") && !existsSync(word));
  if (missing === undefined) return { subject, state: "good", detail: found.folder };
  return {
    subject,
    state: "absent",
    detail: `${found.folder} names ${missing}, which is gone; \`tapbook install\` renews it`,
  };
}

function firstExecutable(name: string, folders: readonly string[]): string | null {
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

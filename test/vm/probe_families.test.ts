/**
 * Every family of probe points on this kernel: it works and counts exactly, or is refused in one sentence. What came of each is
 * written down for docs/reference/probes.md where TAPBOOK_FAMILIES names a file.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { appendFileSync, readFileSync } from "node:fs";
import { diagnosticsOf, thisTarget, trace } from "../probes/traced_workload.js";
import { probeFamilies, type FamilyTrial } from "./probe_families.js";

const target = thisTarget();
const PACKETS = 25;

/** To ourselves, so that each passes the hook for what comes in. */
async function sendPackets(): Promise<void> {
  const receiver = createSocket("udp4");
  receiver.bind(0, "127.0.0.1");
  await once(receiver, "listening");
  const sender = createSocket("udp4");
  for (let number = 0; number < PACKETS; number++) {
    const received = once(receiver, "message");
    sender.send("x", receiver.address().port, "127.0.0.1");
    await received;
  }
  sender.close();
  receiver.close();
}

/** The guests' root is an overlay, whose module tells of every file; three calls of stat a file, two where the machine has no stat. */
const overlay = target.functions.modules().includes("overlay")
  ? { name: "overlay", getattr: "ovl_getattr", calls: process.arch === "x64" ? "75\n" : "50\n" }
  : null;

/** The guest's command, in the folder that it shares with the machine around it. */
const share = /TAPBOOK_SHARE=(\S+)/.exec(readFileSync("/proc/cmdline", "utf8"))?.[1];
const shared = share === undefined ? null : `${share}/command.sh`;

/** Families that some kernels lack, with the kernels that have them: major and minor, from then on. */
const SINCE: Readonly<Record<string, readonly [number, number]>> = {
  'kernel.function("NAME").inline': [Infinity, 0],
  'kernel.statement("NAME@FILE:LINE")': [Infinity, 0],
  "perf.hw.NAME": [Infinity, 0],
  "perf.hw_cache.CACHE.OPERATION.RESULT": [Infinity, 0],
  'netfilter.hook("NAME").pf("NAME")': [6, 4],
};

/** Of our guests it is known what they have; another machine may have more, and less by its configuration. */
const isGuest = target.kernelRelease.includes("amd64");

function mustWork(form: string): boolean {
  const [major = 0, minor = 0] = target.kernelRelease.split(".").map(Number);
  const [sinceMajor, sinceMinor] = SINCE[form] ?? [0, 0];
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

function record(form: string, result: { readonly mechanisms: readonly string[] } | { readonly refusal: string }): void {
  const file = process.env["TAPBOOK_FAMILIES"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ form, ...result })}\n`);
}

const families = probeFamilies(overlay, shared, sendPackets);

test.each(families.map((family) => [family.form, family] as const))("%s", async (form, family: FamilyTrial) => {
  const [refusal] = diagnosticsOf(family.script, { targetPid: process.pid });
  if (refusal !== undefined) {
    record(form, { refusal });
    // One sentence: no line breaks, no list of many.
    expect(refusal).not.toContain("\n");
    if (isGuest) expect({ refusal, mustWork: mustWork(form) }).toEqual({ refusal, mustWork: false });
    return;
  }
  const { printed, mechanisms } = await trace(family.script, family.workload, {}, family.also);
  expect(printed).toEqual(typeof family.printed === "string" ? family.printed : expect.stringMatching(family.printed));
  record(form, { mechanisms });
  if (isGuest) expect(mustWork(form)).toBe(true);
});

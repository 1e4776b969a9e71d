/** `process("…").statement("f@file.c:12")`: lines of the source, and addresses, in the code of a program. */
import type { KernelProbe, ListedProbe, Resolution, Target } from "../../compiler/catalogue.js";
import type { DebugInformation, DescribedFunction } from "../../compiler/debug_information.js";
import { refused } from "../points.js";
import { isWildcard, wildcard } from "../wildcard.js";
import { placeProbe } from "./place_probe.js";
import type { Subject } from "./subject.js";
import type { Component } from "./written.js";

interface Statement {
  /** As the point names it. */
  readonly text: string;
  readonly address: bigint;
  readonly offset: bigint;
  /** The function that it lies in; null where nothing tells. */
  readonly around: DescribedFunction | null;
}

interface Lines {
  readonly name: string;
  readonly file: string;
  readonly first: number;
  readonly last: number;
  /** Counted from the function's own line. */
  readonly isRelative: boolean;
}

type SubjectFile = Subject["files"][number];

/** Each has a program of its own. */
const MOST_STATEMENTS = 200;
/** As far as `.nearest` looks for a line with code. */
const NEAREST = 100;

const FORM = 'write .statement("FUNCTION@FILE:LINE"), such as "main@program.c:12", or .statement(0xADDRESS)';

export function statementProbes(subject: Subject, rest: readonly Component[], target: Target): Resolution {
  const probes: Extract<Resolution, { kind: "resolved" }>["probes"][number][] = [];
  for (const each of subject.files) {
    const found = findStatements(each, rest);
    if ("reason" in found) return refused(found.reason, found.hint);
    for (const statement of found) {
      const probe = probeOf(each, statement, subject, target);
      if ("reason" in probe) return refused(`${each.head}.statement("${statement.text}"): ${probe.reason}`);
      probes.push({ point: pointOf(each, statement), probe });
    }
  }
  return { kind: "resolved", probes };
}

export function* listStatements(subject: Subject, rest: readonly Component[], target: Target): Generator<ListedProbe> {
  for (const each of subject.files) {
    const found = findStatements(each, rest);
    if ("reason" in found) continue;
    for (const statement of found) {
      const probe = probeOf(each, statement, subject, target);
      if (!("reason" in probe)) yield { point: pointOf(each, statement), variables: [...probe.variables.values()] };
    }
  }
}

interface Complaint {
  readonly reason: string;
  readonly hint?: string;
}

function pointOf({ head }: SubjectFile, { text, address }: Statement): string {
  return text === "" ? `${head}.statement(0x${address.toString(16)})` : `${head}.statement("${text}")`;
}

function findStatements(
  { file }: SubjectFile,
  [first, ...parts]: readonly Component[],
): readonly Statement[] | Complaint {
  const odd = parts.find(({ name }) => name !== "nearest");
  if (odd) return { reason: `a statement has no part called .${odd.name}`, hint: "only .nearest may follow" };
  const argument = first?.argument ?? null;
  if (argument === null) return { reason: ".statement needs a place", hint: FORM };
  if (typeof argument === "bigint") {
    const address = BigInt.asUintN(64, argument);
    const offset = file.offsetOf(address);
    if (offset === null) return { reason: `${file.path} has no code at 0x${address.toString(16)}`, hint: FORM };
    return [{ text: "", address, offset, around: file.debug?.functionAround(address) ?? null }];
  }
  const lines = readLines(argument);
  if (!lines) return { reason: `"${argument}" is no place in the source`, hint: FORM };
  const { debug } = file;
  if (!debug) return { reason: `${file.path} has no debug information that can be read, which alone tells of lines` };
  const found = ofLines(debug, lines, parts.length > 0);
  if (found.length === 0)
    return { reason: `${file.path} has no code at "${argument}"`, hint: "try .nearest behind it" };
  if (found.length > MOST_STATEMENTS)
    return {
      reason: `"${argument}" names ${found.length} places, more than ${MOST_STATEMENTS}`,
      hint: "name fewer lines",
    };
  return found;
}

function readLines(text: string): Lines | null {
  const parts = /^(?<name>[^@]+)@(?<file>[^:+]+)(?<mark>[:+])(?:(?<all>\*)|(?<first>\d+)(?:-(?<last>\d+))?)$/.exec(
    text,
  )?.groups;
  if (!parts) return null;
  const [first, last] = [Number(parts["first"] ?? 0), Number(parts["last"] ?? parts["first"] ?? Infinity)];
  return { name: parts["name"]!, file: parts["file"]!, first, last, isRelative: parts["mark"] === "+" };
}

/** Longer functions are read as far as this. */
const MOST_LINES = 2_000;

function ofLines(debug: DebugInformation, lines: Lines, isNearest: boolean): readonly Statement[] {
  const fits = isWildcard(lines.name) ? wildcard(lines.name) : (name: string) => name === lines.name;
  const own = isWildcard(lines.name) ? [] : debug.functionsNamed(lines.name).filter(({ inlined }) => !inlined);
  const start = Math.min(...own.map(({ line }) => line));
  const isAll = !Number.isFinite(lines.last);
  if ((lines.isRelative || isAll) && !Number.isFinite(start)) return [];
  const first = isAll ? start : lines.first + (lines.isRelative ? start : 0);
  const last = isAll ? start + MOST_LINES : lines.last + (lines.isRelative ? start : 0);
  const most = isNearest ? last + NEAREST : last;
  const found: Statement[] = [];
  for (let line = first; line <= most; line++) {
    // A line that the compiler spread over the function counts once, where it begins.
    const seen = new Set<DescribedFunction["address"]>();
    const places = [...debug.addressesOf(lines.file, line)].toSorted((one, other) =>
      Number(one.address - other.address),
    );
    for (const { address, offset } of places) {
      const around = debug.functionAround(address);
      if (!around || !fits(around.name) || seen.has(around.address)) continue;
      seen.add(around.address);
      found.push({ text: `${around.name}@${lines.file}:${line}`, address, offset, around });
    }
    if (isNearest && line >= last && found.length > 0) break;
  }
  return found;
}

function probeOf(
  each: SubjectFile,
  statement: Statement,
  subject: Subject,
  target: Target,
): KernelProbe | { readonly reason: string } {
  const text = statement.text === "" ? `0x${statement.address.toString(16)}` : statement.text;
  return placeProbe(each, { ...statement, text, point: pointOf(each, statement) }, subject, target);
}

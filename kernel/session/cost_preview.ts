/** `%cost`: what the probes of a cell would cost, before any of them runs: hits are counted with empty handlers. */
import type { CompileOutput } from "../compiler/compile.js";
import type { CompiledScript, ProgramSpec } from "../compiler/compiled.js";
import { parseScript } from "../compiler/syntax/parse.js";
import type { Block } from "../compiler/syntax/ast.js";
import { dispatchNanoseconds } from "../tracing/dispatch_cost.js";
import { countHits, type HitCount } from "../tracing/hit_count.js";
import { estimatedNanoseconds } from "../tracing/program_cost.js";
import type { LanguageSettings } from "./cell_magics.js";
import { diagnosticFailure, type Failure } from "./failures.js";
import type { Session } from "./session.js";

/** Milliseconds. */
const WINDOW = 200;

export interface CostOptions {
  readonly name: string;
  readonly targetPid?: number;
  readonly language: LanguageSettings;
  readonly signal: AbortSignal;
}

/** The text of the preview; throws EngineError where the kernel refuses. */
export async function costPreview(
  session: Session,
  script: string,
  { name, targetPid = 0, language, signal }: CostOptions,
): Promise<string | Failure> {
  const compile = (text: string): CompileOutput => session.compile(text, { name, targetPid, ...language });
  const whole = compile(script);
  if (!whole.script) return diagnosticFailure(whole.diagnostics);
  if (whole.script.programs.length === 0) return "no probe of this cell is on an event: it costs what it does\n";
  const empty = compile(withoutBodies(session, script)).script ?? whole.script;
  const counted = await countHits(session.native, empty, WINDOW, signal);
  return previewText(counted, bodiesOf(whole.script, empty), session.native.onlineCpus());
}

/** The same probes with nothing to do; offsets stay, so that what is said of a line fits the cell. */
function withoutBodies(session: Session, text: string): string {
  const { items } = parseScript({ name: "cost", text }, session.parseOptions("cell")).script;
  const blocks = items.flatMap((item): readonly (Block | null)[] => {
    if (item.kind === "probe") return [item.body];
    return item.kind === "alias" ? [item.prologue, item.epilogue] : [];
  });
  let emptied = text;
  for (const block of blocks) {
    if (!block) continue;
    const { source, start, end } = block.span;
    const written = text.slice(start, end);
    // What comes out of a macro has the place of its use, and stays as it is.
    if (source.text !== text || !/^\{[^]*\}$/.test(written)) continue;
    emptied = `${emptied.slice(0, start)}{${written.slice(1, -1).replace(/[^\n]/g, " ")}}${emptied.slice(end)}`;
  }
  return emptied;
}

/** Nanoseconds that handlers take besides being reached, by point: what the whole script's programs have more than the empty one's. */
function bodiesOf(whole: CompiledScript, empty: CompiledScript): ReadonlyMap<string, number> {
  const bodies = new Map<string, number>();
  for (const program of whole.programs) {
    const bare = empty.programs.find(({ name }) => name === program.name);
    const points = program.handlers.map((index) => whole.handlers[index]?.handler.point ?? "");
    const more = estimatedNanoseconds(program.instructions) - (bare ? estimatedNanoseconds(bare.instructions) : 0);
    for (const point of points) bodies.set(point, Math.max(0, more) / points.length);
  }
  return bodies;
}

/** What an empty handler takes: it looks up its scratch memory and counts. */
const EMPTY_NANOSECONDS = 8;

interface Line {
  readonly point: string;
  readonly perSecond: number;
  readonly nanoseconds: number;
  readonly share: number;
}

function previewText(counted: HitCount, bodies: ReadonlyMap<string, number>, cpus: number): string {
  const lines = counted.handlers.map(({ point, hits, spec }): Line => {
    const perSecond = Number(hits) / counted.seconds;
    const nanoseconds = dispatchNanoseconds(spec.attach) + EMPTY_NANOSECONDS + (bodies.get(point) ?? 0);
    return { point, perSecond, nanoseconds, share: (perSecond * nanoseconds) / 1e9 };
  });
  const others = passedBy(counted);
  const total = [...lines, ...others].reduce((sum, { share }) => sum + share, 0);
  const width = Math.max(...[...lines, ...others].map(({ point }) => point.length));
  const rows = [...lines.toSorted((left, right) => right.share - left.share), ...others].map(
    ({ point, perSecond, nanoseconds, share }) =>
      `${point.padEnd(width)}  ${rateText(perSecond)} hits/s × ${Math.round(nanoseconds)} ns ≈ ${percentText(share)} of a CPU\n`,
  );
  const whole = `${percentText(total)} of a CPU, ${percentText(total / cpus)} of this machine's ${cpus}`;
  return `${rows.join("")}in all about ${whole}, as it is busy now (counted for ${Math.round(counted.seconds * 1000)} ms)\n`;
}

/** Events that reach a program and are none of its handlers': all system calls pass the program of a few. */
function passedBy({ handlers, runs, seconds }: HitCount): Line[] {
  if (!runs) return [];
  return [...runs].flatMap(([spec, count]): Line[] => {
    const hits = handlers.filter((handler) => handler.spec === spec).map((handler) => handler.hits);
    const most = hits.reduce((greatest, each) => (each > greatest ? each : greatest), 0n);
    const perSecond = Math.max(0, Number(count - most)) / seconds;
    const nanoseconds = dispatchNanoseconds(spec.attach) + EMPTY_NANOSECONDS;
    const share = (perSecond * nanoseconds) / 1e9;
    return share < NOTICEABLE ? [] : [{ point: `others past ${nameOf(spec)}`, perSecond, nanoseconds, share }];
  });
}

/** Of a processor. */
const NOTICEABLE = 0.0005;

function nameOf({ attach, name }: ProgramSpec): string {
  return attach.kind === "tracepoint" ? attach.name : name;
}

/** `4.1 M`, `12 k`, `830`. */
function rateText(perSecond: number): string {
  if (perSecond >= 999_500) return `${(perSecond / 1e6).toFixed(1)} M`;
  if (perSecond >= 10_000) return `${Math.round(perSecond / 1000)} k`;
  return String(Math.round(perSecond));
}

function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return "<0.1 %";
  return `${percent < 10 ? percent.toFixed(1) : String(Math.round(percent))} %`;
}

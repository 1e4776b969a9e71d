/** Results that look like those of real traces, one for each picture of docs/gallery.md. All numbers are computed, none recorded. */
import type {
  Bucket,
  CallNode,
  FidelityResult,
  FlameNode,
  HeatmapPanel,
  Measured,
  Result,
  SeriesLine,
  TimelineEvent,
} from "../../../kernel/tracing/result.js";
import { drawHistogram } from "../../../kernel/compiler/text/histogram.js";
import { flameDifference } from "../../../kernel/tracing/flame_difference.js";

type Space = FlameNode["space"];

/** A function with what it calls; its value is what ends in itself and what goes through it. */
function calls(name: string, space: Space, own: number, ...children: readonly FlameNode[]): FlameNode {
  const value = children.reduce((sum, child) => sum + child.value, BigInt(own));
  return { name, space, value, children };
}

/** What a web server does, in which its log and its compression differ. */
function server(log: number, compression: number, extra: readonly FlameNode[]): FlameNode {
  return calls(
    "all",
    "key",
    0,
    calls(
      "main",
      "user",
      12,
      calls(
        "handle_request",
        "user",
        40,
        calls("parse_headers", "user", 130),
        calls(
          "send_file",
          "user",
          20,
          calls("deflate", "user", compression),
          calls(
            "write",
            "user",
            4,
            calls("do_syscall_64", "kernel", 6, calls("ksys_write", "kernel", 8, calls("vfs_write", "kernel", 210))),
          ),
        ),
        ...extra,
      ),
      calls(
        "write_log",
        "user",
        9,
        calls("fsync", "user", 2, calls("do_syscall_64", "kernel", 3, calls("ext4_sync_file", "kernel", log))),
      ),
    ),
  );
}

const cached = calls("lookup_cache", "user", 30, calls("memcmp", "user", 55));

/** A bucket of a logarithmic histogram by its power of two. */
function bucket(power: number, count: number): Bucket {
  return { low: 2n ** BigInt(power), high: 2n ** BigInt(power + 1), count: BigInt(count) };
}

/** Around a centre that moves, a second mode that comes and goes. */
function heat(second: number, power: number): number {
  const centre = 12 + 1.5 * Math.sin(second / 4);
  const slow = second > 8 && second < 14 ? 40 * Math.exp(-((power - 18.3) ** 2)) : 0;
  return Math.floor(400 * Math.exp(-((power - centre) ** 2) / 1.2) + slow);
}

const POWERS = Array.from({ length: 12 }, (_, index) => index + 9);
const QUARTERS = Array.from({ length: 80 }, (_, index) => index / 4);
const HEAT = QUARTERS.map((second) => POWERS.map((power) => BigInt(heat(second, power))));

function line(key: string, level: number, swing: number, period: number): SeriesLine {
  return {
    key,
    points: QUARTERS.map((seconds) => ({
      seconds,
      value: Math.round(level + swing * Math.sin((2 * Math.PI * seconds) / period)),
    })),
  };
}

/** Reads that get faster and writes that get slower, and what a key has altogether. */
function heated(key: string, level: number, drift: number, volume: number): HeatmapPanel {
  const columns = QUARTERS.map((second) =>
    POWERS.map((power) => BigInt(Math.floor(volume * Math.exp(-((power - level - (drift * second) / 20) ** 2) / 0.9)))),
  );
  return { key, columns, count: columns.flat().reduce((sum, count) => sum + count, 0n) };
}

const HEATED = [heated("read", 12, -2, 900), heated("write", 12.5, 4, 320), heated("fsync", 18, 0.4, 12)];

/** Sizes and latencies of three programs; the sequence is that of a golden ratio, which fills a range evenly. */
const POINTS = Array.from({ length: 400 }, (_, index) => {
  const [spread, noise] = [(index * 0.618034) % 1, (index * 0.754878) % 1];
  const program = index % 3;
  return {
    x: BigInt(Math.round(2 ** (9 + program * 2 + 7 * spread))),
    y: BigInt(Math.round((4 + program * 20) * 2 ** (5 * spread * noise) + (index % 29 === 0 ? 9000 : 0))),
    group: ["nginx", "postgres", "rsync"][program] ?? "",
  };
});

/** The same as a tree with times. */
function timed({ name, space, value, children }: FlameNode): CallNode {
  const total = value * 37n;
  return {
    name,
    space,
    total,
    own: children.reduce((rest, child) => rest - 37n * child.value, total),
    count: 1n + value / 3n,
    children: children.toSorted((left, right) => Number(right.value - left.value)).map(timed),
  };
}

/** What four CPUs ran, one after the other. */
const EVENTS = [0, 1, 2, 3].flatMap((lane) => {
  let at = 0;
  return Array.from({ length: 30 }, (_, index): TimelineEvent => {
    const [pause, length] = [(index * 0.618034 + lane * 0.3) % 1, (index * 0.754878 + lane * 0.17) % 1];
    const start = at + Math.round(pause * 900_000);
    at = start + Math.round(200_000 + length * 2_600_000);
    const name = ["postgres", "nginx", "nginx", "kworker/0:1", "rcu_sched"][(index * 7 + lane) % 5] ?? "";
    return { start: BigInt(start), duration: BigInt(at - start), lane, name };
  });
});

/** Counts of 128 logarithmic buckets, those from a power of two on given. */
function logCounts(power: number, counts: readonly number[]): bigint[] {
  return Array.from({ length: 128 }, (_, index) => BigInt(counts[index - 65 - power] ?? 0));
}

/** A mode of fast calls and one of slow ones. */
function latencies(fast: number, slow: number): number[] {
  return POWERS.map((power) =>
    Math.round(fast * Math.exp(-((power - 11.6) ** 2) / 1.6) + slow * Math.exp(-((power - 17.4) ** 2))),
  );
}

function total(counts: readonly number[]): bigint {
  return counts.reduce((sum, count) => sum + BigInt(count), 0n);
}

function panel(key: string, counts: readonly number[]) {
  const buckets = POWERS.map((power, index) => bucket(power, counts[index] ?? 0));
  return { key, buckets, count: total(counts), text: drawHistogram(logCounts(9, counts), { kind: "log" }) };
}

function mirrored(key: string, before: readonly number[], after: readonly number[]) {
  const buckets = POWERS.map((power, index) => ({
    low: 2n ** BigInt(power),
    high: 2n ** BigInt(power + 1),
    before: BigInt(before[index] ?? 0),
    after: BigInt(after[index] ?? 0),
  }));
  return { key, buckets, before: total(before), after: total(after) };
}

function measured(value: number, error = 0): Measured {
  return { value: BigInt(value), low: BigInt(value - error), high: BigInt(value + error) };
}

const LATENCIES = latencies(9000, 700);
const LINEAR = [0, 4, 18, 61, 140, 212, 190, 118, 52, 20, 7];

const CLEAN: FidelityResult = {
  kind: "fidelity",
  events: 1_204_331n,
  lost: 0n,
  mapFull: 0n,
  missed: 0n,
  errors: 0n,
  cut: { lines: 0n, bytes: 0n },
  nanosecondsPerHit: 96,
  cpuShare: 0.021,
  seconds: 30,
};

/** For every kind of result, pictures by the names of their files. */
export const PICTURES: {
  readonly [Kind in Result["kind"]]: Readonly<Record<string, Extract<Result, { kind: Kind }>>>;
} = {
  number: { number: { kind: "number", label: "@avg(lat)", value: 1_234_567n, unit: "ns" } },
  text: { text: { kind: "text", label: "last", value: "/var/log/journal/system.journal" } },
  table: {
    table: {
      kind: "table",
      label: "lat",
      columns: [
        { name: "key", type: "string" },
        { name: "count", type: "long" },
        ...["min", "avg", "max"].map((name) => ({ name, type: "long", unit: "ns" }) as const),
      ],
      keyColumns: 1,
      rows: [
        ["read", 48_211n, 312n, 2_204n, 1_204_331n],
        ["write", 20_118n, 498n, 5_871n, 8_402_110n],
        ["fsync", 312n, 88_120n, 1_840_302n, 24_880_412n],
        ["openat", 2_907n, 1_020n, 4_118n, 310_227n],
      ],
      totalRows: 29,
    },
  },
  bars: {
    bars: {
      kind: "bars",
      label: "reads",
      keyName: "key",
      valueName: "value",
      bars: [
        ["postgres", 48_211n],
        ["nginx", 31_904n],
        ["systemd-journal", 9_120n],
        ["sshd", 2_207n],
        ["bash", 311n],
        ["cron", 24n],
      ].map(([key, value]) => ({ key: String(key), value: BigInt(value ?? 0) })),
      totalBars: 31,
    },
  },
  histogram: {
    "histogram-log": {
      kind: "histogram",
      label: "@hist_log(lat)",
      scale: "log",
      buckets: POWERS.map((power, index) => bucket(power, LATENCIES[index] ?? 0)),
      count: total(LATENCIES),
      sum: total(LATENCIES) * 14_200n,
      min: 611n,
      max: 1_804_331n,
      quantiles: [
        { name: "p50", value: { value: 6_143n, low: 4_096n, high: 8_191n } },
        { name: "p90", value: { value: 12_287n, low: 8_192n, high: 16_383n } },
        { name: "p99", value: { value: 393_215n, low: 262_144n, high: 524_287n } },
      ],
      unit: "ns",
      text: drawHistogram(logCounts(9, LATENCIES), { kind: "log" }),
    },
    "histogram-linear": {
      kind: "histogram",
      label: "@hist_linear(load, 0, 90, 10)",
      scale: "linear",
      buckets: LINEAR.map((count, index) => ({
        low: index === 0 ? null : BigInt(10 * (index - 1)),
        high: index === LINEAR.length - 1 ? null : BigInt(10 * index),
        count: BigInt(count),
      })),
      count: total(LINEAR),
      sum: 38_112n,
      min: 3n,
      max: 104n,
      text: drawHistogram(LINEAR.map(BigInt), { kind: "linear", low: 0n, high: 90n, step: 10n }),
    },
  },
  histograms: {
    histograms: {
      kind: "histograms",
      label: "lat",
      scale: "log",
      unit: "ns",
      panels: [
        panel("read", latencies(9000, 20)),
        panel("write", latencies(4000, 700)),
        panel("fsync", latencies(10, 290)),
      ],
      totalPanels: 11,
    },
  },
  overlay: {
    overlay: {
      kind: "overlay",
      label: "lat",
      scale: "log",
      unit: "ns",
      panels: [
        panel("read", latencies(9000, 20)),
        panel("write", latencies(4000, 700)),
        panel("openat", latencies(900, 3).toReversed()),
        panel("fsync", latencies(10, 290)),
      ],
      totalPanels: 11,
    },
  },
  heatmap: {
    heatmap: {
      kind: "heatmap",
      label: "latency",
      unit: "ns",
      times: [...QUARTERS, 20],
      buckets: POWERS.map((power, index) =>
        bucket(
          power,
          HEAT.reduce((sum, column) => sum + Number(column[index]), 0),
        ),
      ),
      columns: HEAT,
    },
  },
  heatmaps: {
    heatmaps: {
      kind: "heatmaps",
      label: "lat",
      unit: "ns",
      times: [...QUARTERS, 20],
      buckets: POWERS.map((power, index) =>
        bucket(
          power,
          HEATED.flatMap(({ columns }) => columns).reduce((sum, column) => sum + Number(column[index]), 0),
        ),
      ),
      panels: HEATED,
      totalPanels: 11,
    },
  },
  series: {
    series: {
      kind: "series",
      label: "reads",
      valueName: "per second",
      lines: [
        line("postgres", 5200, 900, 9),
        line("nginx", 3100, 700, 5),
        line("journald", 900, 250, 13),
        line("sshd", 300, 120, 3),
      ],
      totalLines: 17,
    },
  },
  scatter: {
    scatter: {
      kind: "scatter",
      label: "requests",
      x: { name: "size", type: "long", unit: "bytes" },
      y: { name: "latency", type: "long", unit: "µs" },
      group: { name: "comm", type: "string" },
      points: POINTS,
      totalPoints: 1200,
    },
  },
  flame: { flame: { kind: "flame", label: "stacks", root: server(240, 310, []) } },
  flame_difference: {
    "flame-difference": flameDifference("stacks", server(240, 310, []), server(60, 420, [cached])),
  },
  call_tree: { "call-tree": { kind: "call_tree", label: "time", unit: "µs", root: timed(server(240, 310, [cached])) } },
  timeline: {
    timeline: {
      kind: "timeline",
      label: "scheduling",
      laneName: "cpu",
      lanes: ["0", "1", "2", "3"],
      totalLanes: 4,
      events: EVENTS,
      totalEvents: 3400,
    },
  },
  changes: {
    changes: {
      kind: "changes",
      label: "lat compared with lat@before",
      before: "lat@before",
      after: "lat",
      keys: ["number"],
      rows: [
        { key: ["count"], before: measured(48_211), after: measured(51_009) },
        { key: ["avg"], before: measured(2_204), after: measured(1_870), unit: "ns" },
        { key: ["p50"], before: measured(1_536, 511), after: measured(1_480, 480), unit: "ns" },
        { key: ["p99"], before: measured(98_304, 32_767), after: measured(24_576, 8_191), unit: "ns" },
        { key: ["max"], before: measured(1_204_331), after: measured(310_227), unit: "ns" },
      ],
      totalRows: 5,
      unchanged: 1,
    },
  },
  mirror: {
    mirror: {
      kind: "mirror",
      label: "lat compared with lat@before",
      before: "lat@before",
      after: "lat",
      scale: "log",
      unit: "ns",
      panels: [mirrored("", latencies(7000, 1900), latencies(9000, 300))],
      totalPanels: 1,
    },
  },
  fidelity: {
    fidelity: CLEAN,
    "fidelity-lost": { ...CLEAN, lost: 3_310n, mapFull: 12n, cut: { lines: 8_204n, bytes: 410_200n } },
  },
  progress: {
    progress: {
      kind: "progress",
      state: "running",
      fidelity: { ...CLEAN, events: 482_113n, seconds: 12 },
      eventsPerSecond: 40_214,
      probes: [
        { point: "syscall.read.return", eventsPerSecond: 31_870 },
        { point: "syscall.write.return", eventsPerSecond: 8_343 },
        { point: "timer.s(1)", eventsPerSecond: 1 },
      ],
      totalSeconds: 30,
    },
  },
  links: { links: { kind: "links", work: "attaching", done: 1_204, total: 2_800 } },
};

/** Results of every kind, small enough to check by eye. */
import type {
  BarsResult,
  CallTreeResult,
  ChangesResult,
  FidelityResult,
  FlameNode,
  FlameResult,
  HeatmapResult,
  HeatmapsResult,
  HistogramResult,
  HistogramsResult,
  Measured,
  MirrorResult,
  NumberResult,
  OverlayResult,
  Provenance,
  ScatterResult,
  SeriesResult,
  TableResult,
  TextResult,
  TimelineResult,
} from "../../kernel/tracing/result.js";

export const NUMBER: NumberResult = { kind: "number", label: "@avg(lat)", value: 1234567n, unit: "ns" };

export const TEXT: TextResult = { kind: "text", label: "", value: "<b>hello</b>" };

export const TABLE: TableResult = {
  kind: "table",
  label: "reads",
  columns: [
    { name: "execname", type: "string" },
    { name: "pid", type: "long" },
    { name: "avg", type: "long", unit: "ns" },
  ],
  keyColumns: 2,
  rows: [
    ["bash", 4021n, 1234567n],
    ["<script>alert('x')</script>", 7n, -9223372036854775808n],
    ["a\tb\n", 12n, 0n],
  ],
  totalRows: 15,
};

export const BARS: BarsResult = {
  kind: "bars",
  label: "progs",
  keyName: "execname",
  valueName: "count",
  bars: [
    { key: "bash", value: 1000n },
    { key: `it's "quoted" \\ and <script>`, value: 500n },
    { key: "bash", value: 24n },
  ],
  totalBars: 12,
};

/** Of 1 ns once, of 1 µs to 2 µs 1500 times, and nothing between. */
export const LOG_HISTOGRAM: HistogramResult = {
  kind: "histogram",
  label: "@hist_log(lat)",
  scale: "log",
  buckets: [
    { low: 1n, high: 2n, count: 1n },
    ...[1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n].map((power) => ({ low: 2n ** power, high: 2n ** (power + 1n), count: 0n })),
    { low: 1024n, high: 2048n, count: 1500n },
  ],
  count: 1501n,
  sum: 1801200n,
  min: 1n,
  max: 2000n,
  unit: "ns",
  text: "value |---- count\n    1 |@ 1\n\n",
};

export const LINEAR_HISTOGRAM: HistogramResult = {
  kind: "histogram",
  label: "@hist_linear(size, 0, 20, 10)",
  scale: "linear",
  buckets: [
    { low: null, high: 0n, count: 2n },
    { low: 0n, high: 10n, count: 5n },
    { low: 10n, high: 20n, count: 0n },
    { low: 20n, high: 30n, count: 9007199254740993n },
    { low: 30n, high: null, count: 4n },
  ],
  count: 9007199254741004n,
  sum: 99n,
  min: -3n,
  max: 77n,
  text: "drawing\n\n",
};

/** Two keys over the same four buckets, of which a third key was left out. */
export const HISTOGRAMS: HistogramsResult = {
  kind: "histograms",
  label: "lat",
  scale: "log",
  unit: "ns",
  panels: [
    {
      key: "read",
      buckets: [512n, 1024n, 2048n, 4096n].map((low, index) => ({
        low,
        high: 2n * low,
        count: [1n, 0n, 3n, 0n][index]!,
      })),
      count: 4n,
      text: "drawing of reads\n\n",
    },
    {
      key: "it's <b>bold</b>",
      buckets: [512n, 1024n, 2048n, 4096n].map((low, index) => ({
        low,
        high: 2n * low,
        count: [0n, 0n, 0n, 2n][index]!,
      })),
      count: 2n,
      text: "drawing of the other\n\n",
    },
  ],
  totalPanels: 3,
};

/** The same as lines. */
export const OVERLAY: OverlayResult = { ...HISTOGRAMS, kind: "overlay" };

/** Two columns over three buckets, of which one stays empty. */
export const HEATMAP: HeatmapResult = {
  kind: "heatmap",
  label: "lat",
  unit: "ns",
  times: [0, 0.5, 1],
  buckets: [512n, 1024n, 2048n].map((low, index) => ({ low, high: 2n * low, count: [4n, 0n, 9n][index]! })),
  columns: [
    [4n, 0n, 0n],
    [0n, 0n, 9n],
  ],
};

/** Two keys of three over the same two columns; together they are HEATMAP. */
export const HEATMAPS: HeatmapsResult = {
  kind: "heatmaps",
  label: HEATMAP.label,
  unit: "ns",
  times: HEATMAP.times,
  buckets: HEATMAP.buckets,
  panels: [
    {
      key: "read",
      count: 9n,
      columns: [
        [0n, 0n, 0n],
        [0n, 0n, 9n],
      ],
    },
    {
      key: "it's <b>bold</b>",
      count: 4n,
      columns: [
        [4n, 0n, 0n],
        [0n, 0n, 0n],
      ],
    },
  ],
  totalPanels: 3,
};

/** Two keys of three, one of which came later. */
export const SERIES: SeriesResult = {
  kind: "series",
  label: "reads",
  valueName: "per second",
  lines: [
    {
      key: "it's <b>bash</b>",
      points: [
        { seconds: 0.25, value: 100 },
        { seconds: 0.5, value: 250.5 },
      ],
    },
    { key: "cat", points: [{ seconds: 0.5, value: 3 }] },
  ],
  totalLines: 3,
};

/** Three rows of four, in two groups, over more than two powers of ten. */
export const SCATTER: ScatterResult = {
  kind: "scatter",
  label: "reads",
  x: { name: "size", type: "long", unit: "bytes" },
  y: { name: "latency", type: "long", unit: "µs" },
  group: { name: "comm", type: "string" },
  points: [
    { x: 4096n, y: 2n, group: "it's <b>bash</b>" },
    { x: 512n, y: 40_000n, group: "cat" },
    { x: 1n << 60n, y: 7n, group: "cat" },
  ],
  totalPoints: 4,
};

/** main, which calls f, which the kernel's code is called by. */
export const CALL_TREE: CallTreeResult = {
  kind: "call_tree",
  label: "time",
  unit: "ns",
  root: {
    name: "all",
    space: "key",
    total: 4000n,
    own: 0n,
    count: 8n,
    children: [
      {
        name: "main",
        space: "user",
        total: 4000n,
        own: 1000n,
        count: 8n,
        children: [{ name: "f<int>", space: "user", total: 3000n, own: 3000n, count: 6n, children: [] }],
      },
    ],
  },
};

/** Two events of four, of which one has no length. */
export const TIMELINE: TimelineResult = {
  kind: "timeline",
  label: "calls",
  laneName: "cpu",
  lanes: ["0", "it's <b>1</b>"],
  totalLanes: 3,
  events: [
    { start: 0n, duration: 2_000_000n, lane: 1, name: "read" },
    { start: 5_000_000n, duration: null, lane: 0, name: "<i>exit</i>" },
  ],
  totalEvents: 4,
};

/** Ten samples: seven in f below main, of which three in the kernel, and three in main itself. */
export const FLAME: FlameResult = {
  kind: "flame",
  label: "stacks",
  root: {
    name: "all",
    space: "key",
    value: 10n,
    children: [
      {
        name: "main",
        space: "user",
        value: 10n,
        children: [
          {
            name: "f<int>",
            space: "user",
            value: 7n,
            children: [{ name: "do_syscall_64", space: "kernel", value: 3n, children: [] }],
          },
        ],
      },
    ],
  },
};

function leaf(name: string, value: bigint): FlameNode {
  return { name, space: "user", value, children: [] };
}

function stacks(...children: readonly FlameNode[]): FlameNode {
  const value = children.reduce((sum, child) => sum + child.value, 0n);
  return { name: "all", space: "key", value, children: [{ name: "main", space: "user", value, children }] };
}

/** Two trees of which one function is gone, one has grown, one stays and one is new. */
export const FLAME_BEFORE = stacks(leaf("gone", 4n), leaf("same", 4n), leaf("grown", 2n));
export const FLAME_AFTER = stacks(leaf("grown", 6n), leaf("new", 5n), leaf("same", 4n));

export const CLEAN: FidelityResult = {
  kind: "fidelity",
  events: 1204331n,
  lost: 0n,
  mapFull: 0n,
  missed: 0n,
  errors: 0n,
  cut: { lines: 0n, bytes: 0n },
  nanosecondsPerHit: 31.2,
  cpuShare: 0.008,
  seconds: 3.02,
};

export const PROVENANCE: Provenance = {
  kernelRelease: "6.18.0",
  architecture: "x86_64",
  machine: "example",
  cpus: 2,
  scriptHash: "00",
  tapbookVersion: "0.1.0",
  probes: [{ point: "syscall.read", mechanism: "tp_btf" }],
  start: "2026-01-01T00:00:00Z",
  end: "2026-01-01T00:00:03Z",
};

/** Exact numbers, a quantile that moved and one that may not have, and keys of one side alone. */
export const CHANGES: ChangesResult = {
  kind: "changes",
  label: "lat compared with lat@before",
  before: "lat@before",
  after: "lat",
  keys: ["key", "figure"],
  rows: [
    { key: ["<read>", "count"], before: exact(100n), after: exact(250n) },
    { key: ["<read>", "p50"], before: range(1024n, 2047n), after: range(4096n, 8191n), unit: "ns" },
    { key: ["<read>", "p99"], before: range(4096n, 8191n), after: range(8000n, 16383n), unit: "ns" },
    { key: ["new", "count"], before: null, after: exact(3n) },
    { key: ["gone", "count"], before: exact(4n), after: null },
  ],
  totalRows: 7,
  unchanged: 12,
};

/** Three quarters of the earlier values in the first bucket, a quarter of the later ones. */
export const MIRROR: MirrorResult = {
  kind: "mirror",
  label: "lat compared with lat@before",
  before: "lat@before",
  after: "lat",
  scale: "log",
  unit: "ns",
  panels: [
    {
      key: "",
      buckets: [
        { low: 1024n, high: 2048n, before: 75n, after: 100n },
        { low: 2048n, high: 4096n, before: 25n, after: 300n },
      ],
      before: 100n,
      after: 400n,
    },
  ],
  totalPanels: 1,
};

/** Of two keys, one of which was not there before. */
export const MIRRORS: MirrorResult = {
  ...MIRROR,
  label: "by compared with by@before",
  panels: [
    { ...MIRROR.panels[0]!, key: "reader" },
    {
      key: "writer",
      buckets: MIRROR.panels[0]!.buckets.map((bucket) => ({ ...bucket, before: 0n })),
      before: 0n,
      after: 400n,
    },
  ],
  totalPanels: 5,
};

function exact(value: bigint): Measured {
  return { value, low: value, high: value };
}

function range(low: bigint, high: bigint): Measured {
  return { value: (low + high) / 2n, low, high };
}

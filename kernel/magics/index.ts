/** The list: a magic is a file beside this one and a line here. */
import { background } from "./background.js";
import { diff } from "./diff.js";
import { costCell, costLine } from "./cost.js";
import { dump } from "./dump.js";
import { exportGlobal } from "./export.js";
import { load, save } from "./files.js";
import { examples } from "./examples.js";
import { globals } from "./globals.js";
import { guru } from "./guru.js";
import { help } from "./help.js";
import { limits } from "./limits.js";
import type { Magic } from "./magic.js";
import { plot } from "./plot.js";
import { man } from "./man.js";
import { probes } from "./probes.js";
import { redact } from "./redact.js";
import { reset } from "./reset.js";
import { snapshot, snapshots } from "./snapshots.js";
import { cellTable, perfetto, table, timeline } from "./table.js";
import { trace } from "./trace.js";
import { pause, probe, resume, stop, traces } from "./traces.js";
import { watch } from "./watch.js";
import { verifier } from "./verifier.js";

export type { WatchRequest } from "./watch.js";
export { EXAMPLES } from "./example_list.js";
export { PLOT_FORMS, parsePlot, type PlotRequest } from "./plot.js";
export type { RowsRequest } from "./table.js";
export {
  MagicError,
  type DumpKind,
  type Magic,
  type MagicArgument,
  type MagicGlobal,
  type MagicSession,
  type MagicTrace,
  type RunOptions,
} from "./magic.js";

export { REDACTION_CLASSES, type RedactionClass, type RedactionRule } from "./redact.js";

export const magics: readonly Magic[] = [
  help,
  man,
  examples,
  probes,
  globals,
  reset,
  trace,
  background,
  traces,
  stop,
  pause,
  resume,
  probe,
  watch,
  costCell,
  costLine,
  plot,
  cellTable,
  table,
  timeline,
  perfetto,
  snapshot,
  snapshots,
  diff,
  save,
  load,
  exportGlobal,
  redact,
  limits,
  guru,
  dump,
  verifier,
];

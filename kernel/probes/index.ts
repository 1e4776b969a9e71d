/** The families of probe points, in the order in which they are asked. A new family is one file and one line here. */
import type { ProbeFamily } from "../compiler/catalogue.js";
import { input } from "./input.js";
import { kernelData } from "./kernel_data.js";
import { kernelFunction } from "./kernel_function/family.js";
import { kernelStatement } from "./kernel_statement.js";
import { moments } from "./moments.js";
import { netfilter } from "./netfilter.js";
import { perf } from "./perf.js";
import { procfs } from "./procfs.js";
import { processFamily } from "./process/family.js";
import { securityHook } from "./security_hook.js";
import { systemCall } from "./system_call/family.js";
import { timer } from "./timer.js";
import { tracepoint } from "./tracepoint.js";
import { unsupported } from "./unsupported.js";

export const families: readonly ProbeFamily[] = [
  moments,
  timer,
  procfs,
  input,
  perf,
  systemCall,
  tracepoint,
  kernelFunction,
  kernelStatement,
  kernelData,
  processFamily,
  securityHook,
  netfilter,
  unsupported,
];

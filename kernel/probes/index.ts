/** The families of probe points, in the order in which they are asked. A new family is one file and one line here. */
import type { ProbeFamily } from "../compiler/catalogue.js";
import { kernelFunction } from "./kernel_function.js";
import { moments } from "./moments.js";
import { systemCall } from "./system_call/family.js";
import { timer } from "./timer.js";
import { tracepoint } from "./tracepoint.js";
import { unsupported } from "./unsupported.js";

export const families: readonly ProbeFamily[] = [moments, timer, systemCall, tracepoint, kernelFunction, unsupported];

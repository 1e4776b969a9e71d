/** Functions that are written in the language, one file a topic. */
import { addressFunctions } from "./addresses.js";
import { ancestryFunctions } from "./ancestry.js";
import { bufferFunctions, bufferParts } from "./buffers.js";
import { floatingPointFunctions, floatingPointParts } from "./floating_point.js";
import { kernelValueFunctions } from "./kernel_values.js";
import { kernelVariableFunctions } from "./kernel_variables.js";
import { memoryUseFunctions } from "./memory_use.js";
import { openFlagFunctions } from "./open_flags.js";
import { packetFunctions } from "./packets.js";
import { pathFunctions } from "./paths.js";
import { processFunctions } from "./processes.js";
import { queueFunctions, queueGlobals } from "./queues.js";
import { requestFunctions } from "./requests.js";
import { resourceLimitFunctions } from "./resource_limits.js";
import { servedMetricFunctions, servedMetricParts } from "./served_metrics.js";
import { signalActionFunctions } from "./signal_actions.js";
import { socketNameFunctions } from "./socket_names.js";
import { socketFunctions } from "./sockets.js";
import { sourceLineFunctions } from "./source_lines.js";
import { taskLookupFunctions } from "./task_lookup.js";
import { taskStateFunctions } from "./task_states.js";
import { taskTimeFunctions } from "./task_times.js";
import type { WrittenTopic } from "./written.js";

export const topics: readonly WrittenTopic[] = [
  { name: "task_states", functions: taskStateFunctions },
  { name: "task_lookup", functions: taskLookupFunctions },
  { name: "task_times", functions: taskTimeFunctions },
  { name: "ancestry", functions: ancestryFunctions },
  { name: "resource_limits", functions: resourceLimitFunctions },
  { name: "signal_actions", functions: signalActionFunctions },
  { name: "processes", functions: processFunctions },
  { name: "memory_use", functions: memoryUseFunctions },
  { name: "paths", functions: pathFunctions },
  { name: "addresses", functions: addressFunctions },
  { name: "sockets", functions: socketFunctions },
  { name: "socket_names", functions: socketNameFunctions },
  { name: "buffers", globals: bufferParts, functions: bufferFunctions },
  { name: "packets", functions: packetFunctions },
  { name: "open_flags", functions: openFlagFunctions },
  { name: "kernel_values", functions: kernelValueFunctions },
  { name: "kernel_variables", functions: kernelVariableFunctions },
  { name: "requests", functions: requestFunctions },
  { name: "source_lines", functions: sourceLineFunctions },
  { name: "floating_point", globals: floatingPointParts, functions: floatingPointFunctions },
  { name: "served_metrics", globals: servedMetricParts, functions: servedMetricFunctions },
  { name: "queues", globals: queueGlobals, functions: queueFunctions },
];

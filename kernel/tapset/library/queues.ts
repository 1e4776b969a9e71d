/**
 * A queue and those who wait in it, by the times at which they come, are served and go: Little's law gives the rest. Times are in
 * microseconds inside.
 */
import type { FunctionParameter } from "../../compiler/catalogue.js";
import type { WrittenFunction } from "./written.js";

const queue: FunctionParameter = { name: "queue", type: "string", meaning: "a name of your own for the queue" };
const scale: FunctionParameter = {
  name: "scale",
  type: "long",
  meaning: "what the result is multiplied by, such as 1000",
};

const EXAMPLE = (call: string): string =>
  `qsq_start("disk")\nqs_wait("disk")\nqs_run("disk")\nqs_done("disk")\nprintln(${call})`;

export const queueGlobals = `
private global __queue_started, __queue_changed, __queue_waiting, __queue_running
private global __queue_waited, __queue_served, __queue_busy, __queue_blocked, __queue_finished
`;

interface Queue {
  readonly name: string;
  readonly summary: string;
  readonly returns?: "long";
  readonly isScaled?: true;
  readonly call?: string;
  readonly body: string;
}

function queueFunction({ name, summary, returns, isScaled, body }: Queue): WrittenFunction {
  const call = `${name}("disk"${isScaled ? ", 1000" : ""})`;
  return {
    name,
    topic: "queues",
    summary,
    parameters: isScaled ? [queue, scale] : [queue],
    returns: returns ?? null,
    example: returns
      ? EXAMPLE(call)
      : EXAMPLE('qsq_throughput("disk", 1)').replace(/qsq_start\("disk"\)/, `qsq_start("disk")\n${call}`),
    body,
  };
}

/** Everybody's time since the last change counts once for each who was there. */
const PASS_TIME = `__now = gettimeofday_us()
  __passed = __now - __queue_changed[queue]
  __queue_changed[queue] = __now
  __queue_waited[queue] += __queue_waiting[queue] * __passed
  __queue_served[queue] += __queue_running[queue] * __passed
  if (__queue_running[queue]) __queue_busy[queue] += __passed
  if (__queue_waiting[queue]) __queue_blocked[queue] += __passed`;

const ELAPSED = "(gettimeofday_us() - __queue_started[queue])";

export const queueFunctions: readonly WrittenFunction[] = [
  queueFunction({
    name: "qsq_start",
    summary: "Starts counting for a queue afresh.",
    body: `__queue_started[queue] = __queue_changed[queue] = gettimeofday_us()
  delete __queue_waited[queue]
  delete __queue_served[queue]
  delete __queue_busy[queue]
  delete __queue_blocked[queue]
  delete __queue_finished[queue]`,
  }),
  queueFunction({
    name: "qs_wait",
    summary: "Somebody has come and waits.",
    body: `${PASS_TIME}\n  __queue_waiting[queue]++`,
  }),
  queueFunction({
    name: "qs_run",
    summary: "One of those who wait is served from now on.",
    body: `${PASS_TIME}\n  __queue_waiting[queue]--\n  __queue_running[queue]++`,
  }),
  queueFunction({
    name: "qs_done",
    summary: "One of those who were served has gone.",
    body: `${PASS_TIME}\n  __queue_running[queue]--\n  __queue_finished[queue]++`,
  }),
  queueFunction({
    name: "qsq_throughput",
    summary: "How many are done with in a second, times the scale.",
    returns: "long",
    isScaled: true,
    body: `__elapsed = ${ELAPSED}\n  return __elapsed > 0 ? scale * __queue_finished[queue] * 1000000 / __elapsed : 0`,
  }),
  queueFunction({
    name: "qsq_utilization",
    summary: "The part of the time in which anybody was served, times the scale.",
    returns: "long",
    isScaled: true,
    body: `${PASS_TIME}\n  __elapsed = ${ELAPSED}\n  return __elapsed > 0 ? scale * __queue_busy[queue] / __elapsed : 0`,
  }),
  queueFunction({
    name: "qsq_blocked",
    summary: "The part of the time in which anybody waited, times the scale.",
    returns: "long",
    isScaled: true,
    body: `${PASS_TIME}\n  __elapsed = ${ELAPSED}\n  return __elapsed > 0 ? scale * __queue_blocked[queue] / __elapsed : 0`,
  }),
  queueFunction({
    name: "qsq_wait_queue_length",
    summary: "How many were there on the average, waiting or served, times the scale.",
    returns: "long",
    isScaled: true,
    body: `${PASS_TIME}\n  __elapsed = ${ELAPSED}\n  return __elapsed > 0 ? scale * (__queue_waited[queue] + __queue_served[queue]) / __elapsed : 0`,
  }),
  queueFunction({
    name: "qsq_wait_time",
    summary: "Microseconds from coming to going on the average, times the scale.",
    returns: "long",
    isScaled: true,
    body: `${PASS_TIME}\n  __count = __queue_finished[queue]\n  return __count ? scale * (__queue_waited[queue] + __queue_served[queue]) / __count : 0`,
  }),
  queueFunction({
    name: "qsq_service_time",
    summary: "Microseconds of being served on the average, times the scale.",
    returns: "long",
    isScaled: true,
    body: `${PASS_TIME}\n  __count = __queue_finished[queue]\n  return __count ? scale * __queue_served[queue] / __count : 0`,
  }),
  {
    name: "qsq_print",
    topic: "queues",
    summary:
      "Prints a line: how many are done with in a second, how many were there on the average, how long each took from coming to going and how long each was served, and the parts of the time in which anybody waited and was served.",
    parameters: [queue],
    returns: null,
    example: 'qsq_start("disk")\nqs_wait("disk")\nqs_run("disk")\nqs_done("disk")\nqsq_print("disk")',
    body: `__rate = qsq_throughput(queue, 1000)
  __length = qsq_wait_queue_length(queue, 1000)
  __blocked = qsq_blocked(queue, 10000)
  __used = qsq_utilization(queue, 10000)
  printf("%s: %d.%03d/s, length %d.%03d, %d us to go through, %d us of service, %d.%02d%% blocked, %d.%02d%% used\\n", queue,
    __rate / 1000, __rate % 1000, __length / 1000, __length % 1000, qsq_wait_time(queue, 1), qsq_service_time(queue, 1),
    __blocked / 100, __blocked % 100, __used / 100, __used % 100)`,
  },
];

/** The functions of the language, one file per topic. A new one is an entry in its topic's file; a new topic is one line here. */
import type { FunctionDescription, TapsetFunction } from "../compiler/catalogue.js";
import type { Source } from "../compiler/source.js";
import { calendarFunctions } from "./calendar.js";
import { contextFunctions } from "./context.js";
import { errorFunctions } from "./errors.js";
import { functionArgumentFunctions } from "./function_arguments.js";
import { memoryNumbers } from "./memory_numbers.js";
import { memoryTexts } from "./memory_texts.js";
import { numberFunctions } from "./numbers.js";
import { described } from "./library/described.js";
import { topics } from "./library/index.js";
import { sourceOf } from "./library/written.js";
import { prelude as preludeTexts } from "./prelude.js";
import { refusedFunctions } from "./refused.js";
import { registerFunctions } from "./registers.js";
import { sessionFunctions } from "./session.js";
import { signalFunctions } from "./signals.js";
import { stackFunctions } from "./stacks.js";
import { stringFunctions } from "./strings.js";
import { symbolFunctions } from "./symbols.js";
import { taskFunctions } from "./tasks.js";
import { timeFunctions } from "./time.js";
import { tokenFunctions } from "./tokens.js";

export const prelude: readonly Source[] = [...preludeTexts, ...topics.map(sourceOf)];

/** What there is to say of the functions in the prelude. */
export const library: readonly FunctionDescription[] = [
  ...described,
  ...topics.flatMap(({ functions: written }) => written),
];

/** Several of one name differ in how many parameters they have. */
export const functions: readonly TapsetFunction[] = [
  ...contextFunctions,
  ...sessionFunctions,
  ...stackFunctions,
  ...symbolFunctions,
  ...registerFunctions,
  ...functionArgumentFunctions,
  ...taskFunctions,
  ...timeFunctions,
  ...calendarFunctions,
  ...stringFunctions,
  ...tokenFunctions,
  ...memoryTexts,
  ...memoryNumbers,
  ...errorFunctions,
  ...signalFunctions,
  ...numberFunctions,
  ...refusedFunctions,
];

/** The functions of the language, one file per topic. A new one is an entry in its topic's file; a new topic is one line here. */
import type { TapsetFunction } from "../compiler/catalogue.js";
import { calendarFunctions } from "./calendar.js";
import { contextFunctions } from "./context.js";
import { errorFunctions } from "./errors.js";
import { memoryFunctions } from "./memory.js";
import { numberFunctions } from "./numbers.js";
import { sessionFunctions } from "./session.js";
import { stackFunctions } from "./stacks.js";
import { stringFunctions } from "./strings.js";
import { symbolFunctions } from "./symbols.js";
import { taskFunctions } from "./tasks.js";
import { timeFunctions } from "./time.js";
import { tokenFunctions } from "./tokens.js";

export { prelude } from "./prelude.js";

/** Several of one name differ in how many parameters they have. */
export const functions: readonly TapsetFunction[] = [
  ...contextFunctions,
  ...sessionFunctions,
  ...stackFunctions,
  ...symbolFunctions,
  ...taskFunctions,
  ...timeFunctions,
  ...calendarFunctions,
  ...stringFunctions,
  ...tokenFunctions,
  ...memoryFunctions,
  ...errorFunctions,
  ...numberFunctions,
];

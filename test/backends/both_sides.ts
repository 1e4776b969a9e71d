/** One body, run in the kernel and in user space, which have to agree. */
import { isRefusal, type Outcome, type Sides } from "./sides.js";

/** What both sides do; fails where they differ. */
export function runBoth(sides: Sides, declarations: string, body: string, maxAction?: number): Outcome {
  const script = { declarations, body, ...(maxAction === undefined ? {} : { maxAction }) };
  const kernel = sides.inKernel(script);
  if (isRefusal(kernel)) throw new Error(`refused in the kernel: ${kernel.refused[0]?.message}\n${body}`);
  const user = sides.inUserSpace(script);
  if (isRefusal(user)) throw new Error(`wrong: ${user.refused[0]?.message}\n${body}`);
  expect({ ...kernel, body }).toEqual({ ...user, body });
  return kernel;
}

/** What both sides print; fails where they differ, or fail. */
export function printedByBoth(sides: Sides, declarations: string, body: string): string {
  const { printed, failure } = runBoth(sides, declarations, body);
  expect(failure).toBeNull();
  return printed;
}

/** Which functions of the script may come back to themselves. */
import type { UserFunction } from "../check/program.js";
import { walkExpressions } from "./walk.js";

export class CallGroups {
  private readonly reached = new Map<UserFunction, ReadonlySet<UserFunction>>();

  /**
   * The functions whose calls are made in turns of one loop: those that this one may call and that come back to themselves, or call
   * such that do. Null where the function itself never comes back to itself.
   */
  groupOf(definition: UserFunction): ReadonlySet<UserFunction> | null {
    if (!this.isInCircle(definition)) return null;
    const group = [...this.reachedFrom(definition)].filter(
      (other) => this.isInCircle(other) || [...this.reachedFrom(other)].some((one) => this.isInCircle(one)),
    );
    return new Set(group);
  }

  private isInCircle(definition: UserFunction): boolean {
    return this.reachedFrom(definition).has(definition);
  }

  /** All that a call of the function may call, further candidates of one name included. */
  private reachedFrom(definition: UserFunction): ReadonlySet<UserFunction> {
    const known = this.reached.get(definition);
    if (known) return known;
    const reached = new Set<UserFunction>();
    const pending = [definition];
    for (let next = pending.pop(); next; next = pending.pop()) {
      for (let candidate: UserFunction | null = next; candidate; candidate = candidate.alternative) {
        walkExpressions(candidate.body, (expression) => {
          if (expression.kind !== "call" || reached.has(expression.function)) return;
          reached.add(expression.function);
          pending.push(expression.function);
        });
      }
    }
    this.reached.set(definition, reached);
    return reached;
  }
}

/** `foreach` in the kernel. */
import type { Foreach } from "../../check/program.js";
import type { Scope } from "../scope.js";
import { SortedWalk } from "./sorted_walk.js";
import { lowerStatement } from "../statements.js";

/** What `bpf_loop` takes at most. */
const MOST_TURNS = 1 << 23;

export function lowerForeach(scope: Scope, statement: Foreach): void {
  const { emit } = scope;
  const layout = emit.tables.layout(statement.global.name);
  emit.temporaries(() => {
    const walk = new SortedWalk(scope, statement, layout, emit.walks);
    const done = emit.exit("foreachdone");
    const outer = scope.loop;
    walk.begin(done);
    // In parts, elements that came meanwhile may follow the others.
    const turns = walk.hasParts ? MOST_TURNS : Math.min(layout.entries + 1, MOST_TURNS);
    emit.walks++;
    emit.loop(BigInt(turns), () => {
      const next = emit.exit("turn");
      walk.step(done, next);
      scope.loop = { done, next };
      lowerStatement(scope, statement.body);
      emit.placeExit(next);
    });
    emit.walks--;
    scope.loop = outer;
    emit.placeExit(done);
  });
}

/** A name that is not there is a mistake, wherever it stands, and its hint tells what is there: by BTF and by DWARF. */
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { TracedPrograms } from "./process/programs.js";

const programs = new TracedPrograms();
const path = programs.compile("variables", ["variables.cpp", "variables_other.cpp"], ["-O2", "-g", "-pie", "-fPIE"]);

afterAll(() => programs.remove());

function complaintsOf(script: string): readonly string[] {
  const session = new Session({ native: loadNative(), catalogue, mode: "script" });
  try {
    const { diagnostics } = session.compile(script, { name: "test.stp" });
    return diagnostics.map(({ message, hint = "" }) => `${message}. ${hint}`);
  } finally {
    session.close();
  }
}

const MEMBERS = /It has .*\bvruntime\b|It has .*\bpid\b|It has .*\(\d+ in all\)/;

test.each<[string, RegExp, RegExp]>([
  ["$prev->pidd", /`struct task_struct` has no member `pidd`/, /Did you mean `pid`\?/],
  ["$prev->se->vruntme", /`struct sched_entity` has no member `vruntme`/, /Did you mean `vruntime`\?/],
  ['@cast($prev, "task_struct")->pidd', /`struct task_struct` has no member `pidd`/, /Did you mean `pid`\?/],
  ['&@cast(0, "task_struct")->pidd', /`struct task_struct` has no member `pidd`/, /Did you mean `pid`\?/],
  ["$prev->real_parent->tgidd", /`struct task_struct` has no member `tgidd`/, /Did you mean `tgid`\?/],
])("of the kernel: %s", (expression, message, hint) => {
  const [first = "", ...more] = complaintsOf(`probe kernel.trace("sched_switch") { println(${expression}) }`);
  expect(more).toEqual([]);
  for (const expected of [message, hint, MEMBERS]) expect(first).toMatch(expected);
});

test.each<[string, RegExp]>([
  ["$prev->pid[0]", /`\$prev->pid` is `pid_t`, which has no elements/],
  ["$prev->comm[0]->x", /is `char`, which has no members/],
  ['@cast($prev, "task_strct")->pid', /this kernel has no type `task_strct`.*Did you mean `task_struct`\?/],
  ["$previous", /has no `\$previous`.*It brings .*\$prev/],
])("of the kernel: %s", (expression, message) => {
  expect(complaintsOf(`probe kernel.trace("sched_switch") { println(${expression}) }`)).toEqual([
    expect.stringMatching(message),
  ]);
});

test.each<[string, RegExp]>([
  [
    "$record->hihg",
    /no member `hihg`. Did you mean `high`\? It has inherited, low, high, minus, raw, small, left, right,/,
  ],
  ['@cast($opaque, "Record")->nxt', /no member `nxt`. Did you mean `next`\?/],
  ['@var("record")->inner->yy', /`struct Inner` has no member `yy`. (?:Did you mean `y`\? )?It has x, y\./],
  ["$record->rows[1][2]->z", /`struct Inner` has no member `z`. (?:Did you mean `\w`\? )?It has x, y\./],
  ["&$record->nxt", /Did you mean `next`\?/],
  ["$turnn", /has no `\$turnn`. Did you mean `\$turn`\? It brings \$turn, \$opaque/],
  ["$only_hree", /has no `\$only_hree`. Did you mean `\$only_here`\?/],
  ['@var("only_hree")', /Did you mean `only_here`\?/],
  ['@cast($opaque, "Recrd")->low', /Did you mean `Record`\?/],
])("of a program: %s", (expression, message) => {
  expect(complaintsOf(`probe process("${path}").function("step") { println(${expression}) }`)).toEqual([
    expect.stringMatching(message),
  ]);
});

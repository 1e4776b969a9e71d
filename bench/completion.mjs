/** How long completion takes where the kernel has 60,000 functions that can be probed. */
import { catalogue } from "../dist/kernel/session/catalogue.js";
import { Notebook } from "../dist/kernel/session/notebook.js";
import { loadNative } from "../dist/kernel/tracing/native.js";
import { spread, table } from "./samples.mjs";

const FUNCTIONS = 60_000;

/** What is completed, by what it is called in the table. */
const REQUESTS = [
  ["kernel functions, nothing typed", 'probe kernel.function("'],
  ["kernel functions, one letter typed", 'probe kernel.function("t'],
  ["kernel functions, `tcp_` typed", 'probe kernel.function("tcp_'],
  ["a word in a probe of all functions", 'probe kernel.function("*") { pri'],
  ["a parameter", 'probe kernel.function("vfs_read") { $f'],
  ["a member of a struct", 'probe kernel.function("vfs_read") { $file->f_path->dentry->d_'],
  ["a word in a plain cell", "prin"],
];

export async function benchCompletion({ runs }) {
  const rows = REQUESTS.map(([what, code]) => {
    const [cold, first, later] = [[], [], []];
    let offered = 0;
    for (let run = 0; run < runs; run++) {
      const open = () => new Notebook({ native: withFunctions(loadNative()), catalogue });
      const ask = (notebook) => {
        const start = performance.now();
        offered = notebook.complete(code, code.length).total;
        return performance.now() - start;
      };
      const [hurried, idle] = [open(), open()];
      cold.push(ask(hurried));
      idle.warmUp();
      first.push(ask(idle));
      for (let turn = 0; turn < 5; turn++) later.push(ask(idle));
      void hurried.shutdown();
      void idle.shutdown();
    }
    return [what, String(offered), spread(cold), spread(first), spread(later), "100"];
  });
  return `## Completion

Milliseconds, median (least–greatest) of ${runs} sessions, and of five further requests in each, on a kernel with
${FUNCTIONS.toLocaleString("en")} functions: this one's own, and invented ones besides. First request: of a session
that has been idle for a moment after its start, which is when types and names are read. At once: before that.

${table([["", "offered", "at once", "first request", "later ones", "aim"], ...rows])}`;
}

/** The engine, on a kernel that lets functions be probed and has as many as are wanted. Nothing is attached. */
function withFunctions(native) {
  const handle = { close: () => undefined };
  const replaced = {
    loadProgram: () => ({ ...handle, attach: () => handle }),
    kernelTypes: (module) => {
      const types = native.kernelTypes(module);
      return {
        type: (id) => types.type(id),
        find: (name, kind) => types.find(name, kind),
        enumeration: (enumerator) => types.enumeration(enumerator),
        names: (kind, prefix) => {
          const own = types.names(kind, prefix);
          if (kind !== "function" || prefix !== "") return own;
          return [
            ...own,
            ...Array.from({ length: Math.max(0, FUNCTIONS - own.length) }, (_, number) => `zz_${number}`),
          ];
        },
      };
    },
  };
  return new Proxy(native, {
    get(engine, name) {
      if (Object.hasOwn(replaced, name)) return replaced[name];
      const member = Reflect.get(engine, name);
      return typeof member === "function" ? member.bind(engine) : member;
    },
  });
}

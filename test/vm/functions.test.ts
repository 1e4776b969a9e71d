/** The kernel's verifier accepts every function that probes can call, with arguments that are known and that are not. */
import type { FunctionParameter, TapsetFunction } from "../../kernel/compiler/catalogue.js";
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";

/** Arguments that must be known when the script is compiled, by function and number of parameters. */
const WRITTEN_OUT: Readonly<Record<string, readonly string[]>> = {
  "returnstr/1": ["1"],
  "u_register/1": ['"rsp"'],
  "user_string/2": ["pid()", '""'],
  "kernel_string/2": ["pid()", '""'],
  "sprint_stack/1": ["backtrace()"],
  "sprint_syms/1": ["callers(2)"],
  "sprint_ustack/1": ["ubacktrace()"],
  "sprint_usyms/1": ["ucallers(2)"],
};

const signature = ({ name, parameters }: TapsetFunction): string => `${name}/${parameters.length}`;
const known = ({ type }: FunctionParameter): string => (type === "string" ? '"3 words long"' : "3");
const unknown = ({ type }: FunctionParameter): string => (type === "string" ? "execname()" : "pid()");

// One for all: describing the machine and reading the prelude take longer than everything else.
const session = new Session({ native: loadNative(), catalogue, mode: "script" });
afterAll(() => session.close());

const sink = { print: () => undefined, warn: () => undefined, histogram: () => undefined, failure: () => undefined };

function load(calls: readonly string[], returns: TapsetFunction["returns"]): void {
  const statements = calls.map((call) => (returns === null ? call : `println(${call})`));
  const text = `probe syscall.getppid.return { ${statements.join("; ")} }`;
  const { script, ...output } = session.compile(text, { name: "function.stp" });
  if (!script) throw new Error(output.diagnostics.map(formatDiagnostic).join("\n"));
  const trace = session.prepare({ ...output, script }, sink, async () => {});
  trace.start();
  trace.abort();
}

/**
 * What a system call's probe cannot ask for, or must not do to whoever comes by, other tests try: arguments of functions
 * (kernel_functions.test.ts), the kernel's registers (registers.test.ts), signals (signals.test.ts).
 */
const isTriedElsewhere = ({ name }: TapsetFunction): boolean =>
  name.endsWith("_arg") || name === "register" || name === "raise";
const inKernel = catalogue.functions.filter((entry) => entry.kernel !== undefined && !isTriedElsewhere(entry));

test.each(inKernel.map((entry) => [signature(entry), entry] as const))(
  "%s",
  (name, { name: callee, parameters, returns }) => {
    const written = WRITTEN_OUT[name];
    const forms = written ? [written] : [parameters.map(known), parameters.map(unknown)];
    const calls = forms.map((given) => `${callee}(${given.join(", ")})`);
    load([...new Set(calls)], returns);
  },
);

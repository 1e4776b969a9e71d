/** The kernel's verifier accepts every function that probes can call, with arguments that are known and that are not. */
import type { FunctionParameter, TapsetFunction } from "../../kernel/compiler/catalogue.js";
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";

/** Arguments that must be known when the script is compiled, by function and number of parameters. */
const WRITTEN_OUT: Readonly<Record<string, readonly string[]>> = {
  "returnstr/1": ["1"],
  "isinstr/2": ["execname()", '"work"'],
  "strpos/2": ["execname()", '"load"'],
  "strtol/2": ["execname()", "16"],
  "user_string/2": ["pid()", '""'],
  "kernel_string/2": ["pid()", '""'],
};

const signature = ({ name, parameters }: TapsetFunction): string => `${name}/${parameters.length}`;
const known = ({ type }: FunctionParameter): string => (type === "string" ? '"3 words long"' : "3");
const unknown = ({ type }: FunctionParameter): string => (type === "string" ? "execname()" : "pid()");

function load(call: string, returns: TapsetFunction["returns"]): void {
  const session = new Session({ native: loadNative(), catalogue, mode: "script" });
  try {
    const text = `probe syscall.getppid.return { ${returns === null ? call : `println(${call})`} }`;
    const { diagnostics, ...output } = session.compile(text, { name: "function.stp" });
    if (!output.script) throw new Error(diagnostics.map(formatDiagnostic).join("\n"));
    const sink = {
      print: () => undefined,
      warn: () => undefined,
      histogram: () => undefined,
      failure: () => undefined,
    };
    const trace = session.prepare({ diagnostics, ...output, script: output.script }, sink, async () => {});
    trace.abort();
  } finally {
    session.close();
  }
}

const inKernel = catalogue.functions.filter(({ kernel }) => kernel !== undefined);

test.each(inKernel.map((entry) => [signature(entry), entry] as const))(
  "%s",
  (name, { name: callee, parameters, returns }) => {
    const written = WRITTEN_OUT[name];
    const forms = written ? [written] : [parameters.map(known), parameters.map(unknown)];
    for (const form of new Set(forms.map((given) => `${callee}(${given.join(", ")})`))) load(form, returns);
  },
);

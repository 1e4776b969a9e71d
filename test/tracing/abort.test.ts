import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";

test("a trace that is aborted before it starts lets go of all it has attached, and never runs", async () => {
  const native = loadNative();
  /** Other test files of this process may have left some. */
  const openBefore = native.openHandles();
  const session = new Session({ native, catalogue, mode: "script" });
  let printed = "";
  const compiled = session.compile('probe begin { print("begun") } probe timer.profile { exit() }', {
    name: "aborted",
  });
  const sink = {
    print: (text: string) => (printed += text),
    warn: () => undefined,
    histogram: () => undefined,
    failure: () => undefined,
  };
  const trace = session.prepare({ ...compiled, script: compiled.script! }, sink, () => Promise.resolve());
  expect(native.openHandles()).toBeGreaterThan(openBefore);
  trace.abort();
  trace.start();
  const { status, fidelity } = await trace.finished;
  expect(status).toBe("aborted");
  // A display that moves may ask when all is over.
  expect(trace.progress()).toEqual(fidelity);
  session.close();
  expect(native.openHandles()).toBe(openBefore);
  expect(printed).toBe("");
});

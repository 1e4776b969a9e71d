/** A cell that the kernel refuses changes nothing: what earlier cells gathered and declared is as it was. */
import { loadNative, type Native } from "../../kernel/tracing/native.js";
import { plainTexts, TestNotebook } from "./notebook.js";

test("globals that a refused cell declares again keep their contents and their type", async () => {
  const native = loadNative();
  let refuse = false;
  const loadProgram: Native["loadProgram"] = (options) => {
    if (!refuse) return native.loadProgram(options);
    const properties = { name: "EngineError", errno: 1, code: "EPERM", operation: "load program" };
    throw Object.assign(new Error("cannot load program: EPERM"), properties);
  };
  const notebook = new TestNotebook(Object.assign(Object.create(native) as Native, { loadProgram }));
  try {
    await notebook.run('global kept, text\nkept["a"] = 41\nkept["a"]++\ntext = "before"');
    const open = native.openHandles();
    refuse = true;
    const refused = await notebook.run("global kept, text\nprobe syscall.getppid { kept[pid()]++ text = 5 }");
    expect(refused.outcome.status).toBe("error");
    expect(native.openHandles()).toBe(open);
    expect(plainTexts(await notebook.run('kept["a"]'))).toEqual(["42"]);
    expect(plainTexts(await notebook.run("text"))).toEqual(["before"]);
  } finally {
    await notebook.close();
  }
});

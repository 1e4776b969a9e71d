/** Which links there are in the end, where the kernel refuses some of many; its answers are made up here. */
import { Links, type Attachment } from "../../kernel/tracing/links.js";
import type { EngineError, NativeAttachOptions, NativeLink, NativeProgram } from "../../kernel/tracing/native.js";

/** A kernel that has some functions and refuses others, each with a code of its own. */
class Kernel {
  readonly attached: string[][] = [];
  private cancelled = false;

  constructor(private readonly refused: Readonly<Record<string, string>>) {}

  attach(options: NativeAttachOptions): NativeLink {
    const functions =
      options.mechanism === "kprobe"
        ? [options.function]
        : options.mechanism === "kprobe_multi"
          ? options.functions
          : [];
    if (options.mechanism === "kprobe_multi")
      expect(options.cookies).toEqual(functions.map((name) => BigInt(number(name))));
    const bad = functions.find((name) => this.refused[name] !== undefined);
    if (bad !== undefined) throw refusal(this.refused[bad] as string, bad);
    const own = [...functions];
    this.attached.push(own);
    return { close: () => void this.attached.splice(this.attached.indexOf(own), 1) };
  }

  readonly native = {
    attachMany: (attachments: readonly { program: NativeProgram; options: NativeAttachOptions }[]) => ({
      done: Promise.resolve().then(() => {
        if (this.cancelled) throw refusal("ECANCELED", "all");
        return attachments.map(({ options }) => {
          try {
            return this.attach(options);
          } catch (error) {
            return error as EngineError;
          }
        });
      }),
      cancel: () => (this.cancelled = true),
    }),
    closeMany: async (links: readonly NativeLink[]) => links.forEach((link) => link.close()),
  };
}

const number = (name: string): number => Number(name.replace(/\D/g, ""));

function refusal(code: string, name: string): EngineError {
  return Object.assign(new Error(`${name}: ${code}`), { name: "EngineError", code }) as unknown as EngineError;
}

function kprobes(kernel: Kernel, names: readonly string[], pattern: string | null): Attachment[] {
  const program = { attach: (options: NativeAttachOptions) => kernel.attach(options) } as NativeProgram;
  return names.map((name) => ({
    program,
    pattern,
    place: name,
    options: { mechanism: "kprobe", function: name, offset: 0n, isReturn: false },
  }));
}

function multi(kernel: Kernel, functions: readonly string[], pattern: string | null): Attachment {
  const [{ program }] = kprobes(kernel, functions, pattern) as [Attachment];
  const cookies = functions.map((name) => BigInt(number(name)));
  return {
    program,
    pattern,
    place: "many",
    options: { mechanism: "kprobe_multi", functions, isReturn: false, cookies },
  };
}

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `f${index}`);
const whatever = { onProgress: () => undefined, signal: new AbortController().signal };
const places = (refused: readonly { place: string }[]) => refused.map(({ place }) => place);

describe.each([
  ["few, at once", 5],
  ["many, in the background", 300],
])("%s", (_, count) => {
  test("what is refused of a pattern is left out and told", async () => {
    const kernel = new Kernel({ f3: "EINVAL", f4: "EBUSY" });
    const links = new Links(kernel.native);
    const refused = await links.attachInBackground(kprobes(kernel, namesOf(count), "f*"), whatever);
    expect(places(refused)).toEqual(["f3", "f4"]);
    expect(kernel.attached.flat()).toEqual(namesOf(count).filter((name) => name !== "f3" && name !== "f4"));
    await links.close()?.done;
    expect(kernel.attached).toEqual([]);
  });

  test("of many functions of one link the one at fault is found, and every other has its own cookie", async () => {
    const kernel = new Kernel({ f2: "ESRCH" });
    const refused = await new Links(kernel.native).attachInBackground([multi(kernel, namesOf(count), "f*")], whatever);
    expect(places(refused)).toEqual(["f2"]);
    expect(kernel.attached.flat().toSorted()).toEqual(
      namesOf(count)
        .filter((name) => name !== "f2")
        .toSorted(),
    );
  });

  test.each([
    ["a function that is named outright", { f2: "EINVAL" }, null],
    ["what is not about the function", { f2: "EPERM" }, "f*"],
    ["all of a pattern", Object.fromEntries(namesOf(count).map((name) => [name, "EINVAL"])), "f*"],
  ])("%s fails, and leaves nothing behind", async (_case, refusals, pattern) => {
    const kernel = new Kernel(refusals);
    const attaching = new Links(kernel.native).attachInBackground(
      [...kprobes(kernel, ["g1", "g2"], null), ...kprobes(kernel, namesOf(count), pattern)],
      whatever,
    );
    await expect(attaching).rejects.toMatchObject({ name: "EngineError" });
    expect(kernel.attached).toEqual([]);
  });
});

test("an interrupt while halves are tried leaves nothing behind", async () => {
  const kernel = new Kernel({ f2: "ESRCH" });
  const interruption = new AbortController();
  let rounds = 0;
  const native = {
    ...kernel.native,
    attachMany: (...given: Parameters<typeof kernel.native.attachMany>) => {
      if (++rounds === 3) interruption.abort();
      return kernel.native.attachMany(...given);
    },
  };
  const attaching = new Links(native).attachInBackground([multi(kernel, namesOf(300), "f*")], {
    onProgress: () => undefined,
    signal: interruption.signal,
  });
  await expect(attaching).rejects.toMatchObject({ code: "ECANCELED" });
  expect(rounds).toBe(3);
  expect(kernel.attached).toEqual([]);
});

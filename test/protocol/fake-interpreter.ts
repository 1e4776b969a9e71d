/** A language of one command a cell, which does whatever the protocol can ask of an interpreter. */
import type {
  CellOutput,
  CommTarget,
  Completeness,
  Completion,
  ExecuteOutcome,
  ExecuteRequest,
  HistoryEntry,
  HistoryRequest,
  Interpreter,
  LanguageDescription,
  MimeBundle,
} from "../../kernel/protocol/interpreter.js";

export const description: LanguageDescription = {
  implementation: "fake",
  implementationVersion: "1.2.3",
  banner: "A fake language.",
  language: {
    name: "fake",
    version: "0.1",
    mimetype: "text/x-fake",
    fileExtension: ".fake",
    pygmentsLexer: "c",
    codemirrorMode: { name: "fake", mime: "text/x-csrc" },
    nbconvertExporter: "script",
  },
  helpLinks: [{ text: "Help", url: "https://example.org/" }],
};

const done: ExecuteOutcome = { status: "ok", userExpressions: {} };

type Command = (
  argument: string,
  output: CellOutput,
  request: ExecuteRequest,
) => ExecuteOutcome | Promise<ExecuteOutcome>;

export class FakeInterpreter implements Interpreter {
  readonly description = description;
  /** `echo` sends back what it is sent, and closes at `{"close": true}`. */
  readonly commTargets: ReadonlyMap<string, CommTarget> = new Map<string, CommTarget>([
    [
      "echo",
      (comm, { data, buffers }) => {
        comm.send({ opened: data }, buffers);
        return {
          message: (message) => {
            if (message.data["close"] === true) comm.close({ because: "asked" });
            else comm.send(message.data, message.buffers);
          },
          closed: () => void this.closedComms.push(comm.id),
        };
      },
    ],
    [
      "broken",
      () => {
        throw new Error("no use");
      },
    ],
  ]);
  readonly closedComms: string[] = [];
  readonly executed: ExecuteRequest[] = [];
  readonly completed: [string, number][] = [];
  readonly histories: HistoryRequest[] = [];
  interruptions = 0;
  shutdowns = 0;
  /** Of every cell that waits for an interrupt. */
  readonly #onInterrupt = new Set<() => void>();

  readonly #commands: Readonly<Record<string, Command>> = {
    lines: (argument, output) => {
      for (let line = 0; line < Number(argument); line++) output.stream("stdout", `line ${line}\n`);
      return done;
    },
    bytes: (argument, output) => {
      output.stream("stdout", "x".repeat(Number(argument)));
      return done;
    },
    displays: (argument, output) => {
      for (let index = 0; index < Number(argument); index++) output.display(text(String(index)));
      return done;
    },
    mixed: async (_argument, output) => {
      output.stream("stdout", "one\n");
      output.display(text("two"), "live");
      output.stream("stderr", "three\n");
      output.update("live", text("two, later"));
      // Longer than text waits to be sent: what is cleared unsent is never sent.
      await sleep(100);
      output.clear(true);
      output.stream("stdout", "four\n");
      output.result(text("five"));
      return done;
    },
    updates: async (argument, output) => {
      output.display(text("0"), "live");
      for (let index = 1; index <= Number(argument); index++) {
        await sleep(10);
        output.update("live", text(String(index)));
      }
      return done;
    },
    payload: () => ({
      ...done,
      payload: [
        { source: "set_next_input", text: "lines 1", replace: false },
        { source: "page", data: { "text/plain": "at length" }, start: 0 },
      ],
    }),
    fail: (argument) => failure("FakeError", argument),
    reject: () => Promise.reject(new Error("a defect")),
    unwritable: (_argument, output) => {
      output.display({ data: { "text/plain": 1n }, metadata: {} });
      return done;
    },
    expressions: (_argument, _output, request) => ({
      status: "ok",
      userExpressions: Object.fromEntries(
        Object.entries(request.userExpressions).map(([name, code]) => [
          name,
          code === "bad"
            ? { status: "error", error: { name: "FakeError", message: "bad", traceback: ["bad"] } }
            : { status: "ok", bundle: text(code) },
        ]),
      ),
    }),
    wait: async (_argument, output) => {
      output.stream("stdout", "waiting\n");
      await new Promise<void>((resolve) => this.#nextInterrupt(resolve));
      output.stream("stdout", "interrupted\n");
      return done;
    },
    stubborn: async (_argument, output) => {
      output.stream("stdout", "waiting\n");
      await new Promise<void>((resolve) => this.#nextInterrupt(() => this.#nextInterrupt(resolve)));
      return failure("Interrupted", "twice");
    },
    immortal: () => new Promise<ExecuteOutcome>(() => undefined),
    exit: (argument) => process.exit(Number(argument)),
    background: (_argument, output) => {
      setTimeout(() => output.stream("stdout", "later\n"), 100);
      return done;
    },
    sleep: async (argument) => {
      await sleep(Number(argument));
      return done;
    },
    block: async (argument, output) => {
      output.stream("stdout", "blocking\n");
      await sleep(50);
      const end = performance.now() + Number(argument);
      while (performance.now() < end);
      return done;
    },
    input: async (argument, output, request) => {
      if (!request.input) return failure("NoInput", "this front end cannot ask");
      output.stream("stdout", "asking\n");
      output.stream("stdout", `got ${await request.input("name? ", argument === "password")}\n`);
      return done;
    },
  };

  async execute(request: ExecuteRequest, output: CellOutput): Promise<ExecuteOutcome> {
    this.executed.push(request);
    const [name = "", argument = ""] = request.code.split(" ", 2);
    const command = this.#commands[name];
    return command ? await command(argument, output, request) : done;
  }

  complete(code: string, cursor: number): Completion {
    this.completed.push([code, cursor]);
    const matches = [
      { text: "probe", type: "keyword", signature: "probe POINT" },
      { text: "print", type: "function" },
    ];
    return { matches, total: 3, start: 1, end: cursor };
  }

  inspect(code: string, _cursor: number, detail: 0 | 1): MimeBundle | null {
    return code === "nothing" ? null : text(detail === 1 ? `${code}, at length` : code);
  }

  isComplete(code: string): Completeness {
    if (code.endsWith("{")) return { status: "incomplete", indent: "  " };
    return { status: code === "}" ? "invalid" : "complete" };
  }

  history(request: HistoryRequest): readonly HistoryEntry[] {
    this.histories.push(request);
    return [{ session: 1, line: 2, input: "value 3", output: "3" }];
  }

  interrupt(): void {
    this.interruptions++;
    const waiting = [...this.#onInterrupt];
    this.#onInterrupt.clear();
    for (const act of waiting) act();
  }

  #nextInterrupt(act: () => void): void {
    this.#onInterrupt.add(act);
  }

  async shutdown(): Promise<void> {
    this.shutdowns++;
  }
}

function text(plain: string): MimeBundle {
  return { data: { "text/plain": plain }, metadata: {} };
}

function failure(name: string, message: string): ExecuteOutcome {
  return { status: "error", error: { name, message, traceback: [`\u001b[31m${name}\u001b[0m: ${message}`] } };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}

/** `%redact`: nothing of what it hides leaves, in whatever form it would be shown. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CellOutput, MimeBundle } from "../../kernel/protocol/interpreter.js";
import { CellScreen } from "../../kernel/session/cell_screen.js";
import { RedactedOutput } from "../../kernel/session/redacted_output.js";
import { Redaction } from "../../kernel/session/redaction.js";
import type { RedactionRule } from "../../kernel/magics/index.js";
import type { Provenance, Result } from "../../kernel/tracing/result.js";
import * as samples from "../render/results.js";
import { plainTexts, TestNotebook, traceback } from "./notebook.js";

function redaction(...rules: readonly RedactionRule[]): Redaction {
  const made = new Redaction();
  made.add(rules);
  return made;
}

describe("what looks like a path", () => {
  const { text } = { text: (written: string) => redaction("paths").text(written) };

  test.each([
    ["/etc/passwd", "‹path 1›"],
    ["/home/alice/My Documents/a file", "‹path 1›"],
    ["open /etc/passwd failed", "open ‹path 1› failed"],
    ["/a and /b and /a\n", "‹path 1› and ‹path 2› and ‹path 1›\n"],
    ['AT_FDCWD, "etc/with blank", O_RDONLY', 'AT_FDCWD, "‹path 1›", O_RDONLY'],
    ["libc.so [/usr/lib/x86_64-linux-gnu/libc.so.6+0x123]", "libc.so [‹path 1›]"],
    ["~/notes ./run ../up src/main.c:12", "‹path 1› ‹path 2› ‹path 3› ‹path 4›"],
    ["exe=/proc/self/exe", "exe=‹path 1›"],
    // What is none.
    ["12 reads/s, 60 ns/hit, 3/4 on 2026/11/23", "12 reads/s, 60 ns/hit, 3/4 on 2026/11/23"],
    ["vfs_read+0x1a/0x2c0 kworker/0:1H swapper/3", "vfs_read+0x1a/0x2c0 kworker/0:1H swapper/3"],
    ["bash", "bash"],
    ["@count(x) a<b </div>", "@count(x) a<b </div>"],
  ])("%s", (written, shown) => expect(text(written)).toBe(shown));
});

describe("what looks like an address", () => {
  test.each([
    ["0xffffffff81234567 and 0x10", "‹address 1› and 0x10"],
    ["at ffffffff81234567, 123456789012", "at ‹address 1›, 123456789012"],
    ["192.168.1.17:443 kernel 6.12.9", "‹address 1›:443 kernel 6.12.9"],
    ["fe80::1 2001:db8:0:0:0:0:2:1 ::ffff:10.0.0.1", "‹address 2› ‹address 1› ‹address 3›"],
    ["00:1b:44:11:3a:b7 at 12:34:56", "‹address 1› at 12:34:56"],
    ["std::vector workload::chain()", "std::vector workload::chain()"],
  ])("%s", (written, shown) => expect(redaction("addresses").text(written)).toBe(shown));
});

describe("what looks like arguments", () => {
  test.each([
    ['AT_FDCWD, "secret", O_RDONLY|O_CLOEXEC', "‹argument 1›"],
    ['openat(AT_FDCWD, "secret", 0x80000) = 3', "openat(‹argument 1›) = 3"],
    ["fd=0x3 buf=0x7ffc count=12", "fd=‹argument 1› buf=‹argument 2› count=‹argument 3›"],
    ["3, 0x7ffd, 4096", "‹argument 1›"],
    ["ls -la --color secret", "ls ‹argument 1›"],
    ['said "secret"', 'said "‹argument 1›"'],
    ["workload::chain(Options const&)", "workload::chain(Options const&)"],
    ["cat, read", "cat, read"],
  ])("%s", (written, shown) => expect(redaction("arguments").text(written)).toBe(shown));
});

/** Texts of a traced system, one for each rule. Whatever tells who Alice is must not be seen. */
const SECRETS = "/home/alice/letters alice-4711 0xa11ce00000 10.20.30.40";
const TELLING = /alice|a11ce|10\.20|4711|letters/i;
const STRICT = [...(["paths", "addresses", "arguments"] as const), /alice-\d+/g];
/** Fields that only say what a thing is. */
const WORDS = new Set(
  "log linear long string kernel user key running paused attaching detaching cancelling ns µs bytes".split(" "),
);

/** The same with the secrets in every text that it has. */
function laden(value: unknown): unknown {
  if (typeof value === "string") return WORDS.has(value) ? value : `${SECRETS}\n${value}`;
  if (Array.isArray(value)) return value.map(laden);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, name === "kind" ? field : laden(field)]),
  );
}

interface Shown {
  readonly bundles: MimeBundle[];
  readonly output: CellOutput;
}

function recorder(): Shown {
  const bundles: MimeBundle[] = [];
  const take = (bundle: MimeBundle): void => void bundles.push(bundle);
  const output: CellOutput = {
    stream: () => undefined,
    display: take,
    update: (_, bundle) => take(bundle),
    result: take,
    clear: () => undefined,
  };
  return { bundles, output };
}

function isResult(sample: unknown): sample is Result {
  return typeof sample === "object" && sample !== null && "kind" in sample;
}

describe("no display of any shape of result tells", () => {
  const results = (Object.values(samples) as readonly unknown[]).filter(isResult);

  test("every shape is among them that can hold a text", () => {
    const kinds = new Set(results.map(({ kind }) => kind));
    const wanted =
      "number text table bars histogram histograms overlay heatmap heatmaps series scatter flame call_tree timeline changes mirror";
    expect(wanted.split(" ").filter((kind) => !kinds.has(kind as Result["kind"]))).toEqual([]);
  });

  test.each(results.map((result) => [result.kind, result] as const))("%s", async (_, sample) => {
    const result = laden(sample) as Result;
    const about = laden(samples.PROVENANCE) as Provenance;
    const { bundles, output } = recorder();
    const screen = new CellScreen(new RedactedOutput(output, redaction(...STRICT)));
    screen.show(result, about, "id");
    screen.showLive("live", result);
    await screen.updateLive("live", result);
    screen.update("id", result, about);
    screen.result(result, about);
    await screen.close();
    expect(bundles).toHaveLength(5);
    for (const bundle of bundles) {
      expect(JSON.stringify(bundle)).not.toMatch(TELLING);
      expect(bundle.metadata["tapbook"]).toMatchObject({ redacted: ["paths", "arguments", "addresses", "pattern 1"] });
    }
  });

  test("without rules all of it is shown as it is", async () => {
    const { bundles, output } = recorder();
    const screen = new CellScreen(new RedactedOutput(output, redaction()));
    screen.show(laden(samples.TABLE) as Result, samples.PROVENANCE);
    await screen.close();
    expect(JSON.stringify(bundles)).toMatch(TELLING);
    expect(JSON.stringify(bundles)).not.toContain("redacted");
  });

  test("a bundle that was drawn elsewhere goes as its text alone", () => {
    const { bundles, output } = recorder();
    new RedactedOutput(output, redaction("paths")).display({
      data: { "text/plain": "see /home/alice", "text/html": "see <b>/home/alice</b>" },
      metadata: {},
    });
    expect(bundles[0]?.data).toEqual({ "text/plain": "see ‹path 1›" });
  });
});

describe("the text of one cell", () => {
  function shown(...texts: readonly string[]): string {
    let all = "";
    const output = new RedactedOutput({ ...recorder().output, stream: (_, text) => void (all += text) }, redaction());
    for (const text of texts) output.stream("stdout", text);
    return all;
  }

  test("is no more than a notebook bears, whatever says it and however JSON writes it, and says where it ends", () => {
    for (const line of ["a line of a command\n", "\u0001\u0002\n", "grün\n"]) {
      const piece = line.repeat(10_000);
      const text = shown(...Array.from({ length: 100 }, () => piece));
      expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThan((5 << 20) + 200);
      expect(text).toMatch(/… the text that follows is left out: a notebook bears no more in one cell …\n$/);
    }
  });

  test("is whole where it fits", () => {
    const text = "x".repeat(99) + "\n";
    expect(shown(...Array.from({ length: 50_000 }, () => text))).toHaveLength(5_000_000);
  });
});

describe("in a notebook", () => {
  let notebook: TestNotebook;
  beforeEach(() => void (notebook = new TestNotebook()));
  afterEach(() => notebook.close());

  test("printed text, in whatever pieces it comes, and what commands say", async () => {
    await notebook.run("%redact paths");
    const cell = await notebook.run(
      '!printf /home/al; sleep 0.2; echo ice/x\nprintf("/home/"); printf("alice"); println("/x "); print("end /home/alice")',
    );
    expect(cell.stdout).toBe("‹path 1›\n‹path 1› \nend ‹path 2›");
    expect((await notebook.run("%redact off")).stdout).toBe("nothing is hidden\n");
    expect((await notebook.run('print("/home/alice")')).stdout).toBe("/home/alice");
  });

  test("tables, charts, results, errors, help, user expressions and the history", async () => {
    await notebook.run('global n; n["/home/alice/a"] = 1; n["/home/alice/b"] = 2');
    expect((await notebook.run("%redact paths /alice/i")).stdout).toBe("hidden: paths pattern 1\n");
    const cell = await notebook.run("n", {
      userExpressions: { x: 'n["/home/alice/a"] . ""', y: 'sprint("/home/alice")' },
    });
    expect(plainTexts(cell).join("\n")).toMatch(/‹path \d›/);
    expect(JSON.stringify([cell.bundles, cell.outcome])).not.toMatch(/alice/i);
    const failed = await notebook.run('error("cannot read /home/alice/a")');
    expect(traceback(failed).join("\n")).toContain("cannot read ‹path");
    expect(JSON.stringify(failed.outcome)).not.toMatch(/alice/i);
    expect(JSON.stringify(notebook.notebook.inspect("n", 1, 1))).not.toMatch(/alice/i);
    const past = notebook.notebook.history({
      access: "tail",
      output: true,
      session: 0,
      start: 0,
      stop: undefined,
      count: 2,
      pattern: "",
      unique: false,
    });
    expect(JSON.stringify(past.map(({ output }) => output))).not.toMatch(/alice/i);
  });

  test("exports and the comm hide it and say so; %save keeps it and says so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tapbook-redact-"));
    try {
      await notebook.run('global n; n["/home/alice/a"] = 1\n');
      await notebook.run("%redact paths");
      const { stdout } = await notebook.run(`%export n ${folder}/n.csv\n%export n ${folder}/n.json`);
      expect(stdout.match(/hidden in it: paths/g)).toHaveLength(2);
      expect(readFileSync(`${folder}/n.csv`, "utf8")).toMatch(/^key,value\r\n‹path \d›,1\r\n$/);
      const schema = execFileSync("python3", [
        "-c",
        "import json,sys; print(json.load(open(sys.argv[1]))['schema']['redacted'])",
        `${folder}/n.json`,
      ]);
      expect(String(schema)).toBe("['paths']\n");
      const answer = await new Promise<{ data: unknown; bytes: string }>((resolve) => {
        const send = (data: unknown, buffers: readonly Uint8Array[] = []): void =>
          resolve({ data, bytes: Buffer.concat(buffers).toString("latin1") });
        const comm = { id: "x", send, close: () => undefined };
        notebook.notebook.commTargets.get("tapbook.data")!(comm, { data: { global: "n" }, buffers: [] });
      });
      expect(answer.data).toMatchObject({ status: "ok", schema: { redacted: ["paths"] } });
      expect(answer.bytes).not.toContain("alice");
      const saved = await notebook.run(`%save ${folder}/n`);
      expect(saved.stderr).toBe("WARNING: what %redact hides is in the file as it was recorded\n");
      expect(readFileSync(`${folder}/n`, "utf8")).toContain("/home/alice/a");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ["%redact everything", "%redact does not know everything"],
    ["%redact /(/", "/(/ is no pattern"],
    ["%redact /x*/", "/x*/ is no pattern: it fits the empty text"],
    ["%redact paths off", "%redact does not know off"],
  ])("%s is refused, and nothing is hidden by half", async (code, message) => {
    expect(traceback(await notebook.run(code))[0]).toContain(message);
    expect((await notebook.run("%redact")).stdout).toBe("nothing is hidden\n");
  });
});

/** What JupyterLab colours and indents, by CodeMirror's rules for how a parser is called; the real one is in test/lab. */
import { keywords, systemtap } from "../../kernelspec/labextension/systemtap.js";
import type { CharacterStream } from "../../kernelspec/labextension/stream.js";
import { isKeyword } from "../../kernel/compiler/syntax/token.js";

/** A line as `@codemirror/language` has it: `match` looks only where it stands. */
class Line implements CharacterStream {
  start = 0;
  #position = 0;

  constructor(readonly text: string) {}

  get position(): number {
    return this.#position;
  }

  sol(): boolean {
    return this.#position === 0;
  }

  eol(): boolean {
    return this.#position >= this.text.length;
  }

  next(): string | void {
    if (!this.eol()) return this.text[this.#position++];
  }

  eatSpace(): boolean {
    const before = this.#position;
    while (/\s/.test(this.text[this.#position] ?? "")) this.#position++;
    return this.#position > before;
  }

  skipToEnd(): void {
    this.#position = this.text.length;
  }

  match(pattern: RegExp): RegExpMatchArray | null {
    const found = this.text.slice(this.#position).match(pattern);
    if (!found || (found.index ?? 0) > 0) return null;
    this.#position += found[0].length;
    return found;
  }

  current(): string {
    return this.text.slice(this.start, this.#position);
  }
}

type State = ReturnType<typeof systemtap.startState>;

function tokensOf(line: string, state: State): [string, string | null][] {
  const stream = new Line(line);
  const found: [string, string | null][] = [];
  while (!stream.eol()) {
    stream.start = stream.position;
    const style = systemtap.token(stream, state);
    if (stream.position === stream.start) throw new Error(`nothing was read of ${line.slice(stream.position)}`);
    if (stream.current().trim() !== "") found.push([stream.current(), style]);
  }
  return found;
}

function tokens(text: string): [string, string | null][] {
  const state = systemtap.startState();
  return text.split("\n").flatMap((line) => tokensOf(line, state));
}

const styleOf = (text: string, word: string): string | null | undefined =>
  tokens(text).find(([piece]) => piece === word)?.[1];

test("the keywords are the compiler's", () => {
  for (const word of keywords) expect([word, isKeyword(word)]).toEqual([word, true]);
  const all =
    "probe global private function if else for foreach in limit return delete while break continue next string long try catch";
  expect([...keywords].toSorted()).toEqual(all.split(" ").toSorted());
});

test("a probe: its point, its body, its variables", () => {
  expect(tokens("probe syscall.read.return, timer.ms(100) { lat[execname()] <<< @entry($count) + 0x1f # why")).toEqual([
    ["probe", "keyword"],
    ["syscall", "propertyName"],
    [".", "operator"],
    ["read", "propertyName"],
    [".", "operator"],
    ["return", "keyword"],
    [",", "punctuation"],
    ["timer", "propertyName"],
    [".", "operator"],
    ["ms", "propertyName"],
    ["(", "bracket"],
    ["100", "number"],
    [")", "bracket"],
    ["{", "bracket"],
    ["lat", "variableName"],
    ["[", "bracket"],
    ["execname", "variableName.standard"],
    ["(", "bracket"],
    [")", "bracket"],
    ["]", "bracket"],
    ["<<<", "operator"],
    ["@entry", "variableName.standard"],
    ["(", "bracket"],
    ["$count", "variableName.special"],
    [")", "bracket"],
    ["+", "operator"],
    ["0x1f", "number"],
    ["# why", "comment"],
  ]);
});

test.each([
  ['x = "a \\" probe"', '"a \\" probe"', "string"],
  ['x = "never closed', '"never closed', "string"],
  ["global first, second", "second", "variableName.definition"],
  ["global first\nsecond = 1", "second", "variableName"],
  ["function f:long(a:string) { }", "f", "variableName.definition"],
  ["function f:long(a:string) { }", "string", "keyword"],
  ["function f(a) { }", "a", "variableName"],
  ["probe vfs.* { x++ }", "*", "propertyName"],
  ["x = $file->f_path", "f_path", "propertyName"],
  ["/* one\nprobe two */ x", "probe two */", "comment"],
  ['%( kernel_v > "6" %? 1 %: 2 %)', "%?", "meta"],
  ["function f() %{ int probe;\n return; %}", " return; %}", "meta"],
  ["%%trace -c 'for x' for=5s\nglobal x", "%%trace -c 'for x' for=5s", "meta"],
  ["%plot x as hist", "%plot x as hist", "meta"],
  ["!ls -l for", "!ls -l for", "meta"],
  ["x = 7\n%stop a", "%stop a", "meta"],
  // The rest of a division, and a negation.
  ["x = (7\n%stop)", "%", "operator"],
  ["x =\n!(y)", "!", "operator"],
  ["@define M(x) %( @x %)", "@define", "keyword"],
  ["printf(@1)", "@1", "variableName.special"],
])("%j: %j is %s", (text, word, style) => expect(styleOf(text, word)).toBe(style));

/** Indents each line by what is said when its text is known, as typing it does. */
function indented(text: string): string {
  const state = systemtap.startState();
  return text
    .split("\n")
    .map((written) => {
      const line = written.trim();
      const columns = systemtap.indent(systemtap.copyState(state), line, { unit: 2 });
      tokensOf(line, state);
      return " ".repeat(columns) + line;
    })
    .join("\n");
}

// Written by hand, as the examples of the manual are.
test.each([
  `global reads
probe syscall.read {
  if (pid() == target())
    reads[execname()]++
  else if (uid() == 0) {
    next
  } else
    x = 1
  y = 2
}
probe end {
  foreach (name in reads- limit 10)
    printf("%s %d", name, reads[name])
  printf("%d",
    x)
  while (x) {
    x--
  }
}`,
  `function f(
  a, b
)
{
  try {
    return a
  } catch {
    return b
  }
}`,
])("lines are indented as by hand: %#", (text) => {
  expect(indented(text)).toBe(text);
});

test("a state that was copied is not changed by what is read with the other", () => {
  const state = systemtap.startState();
  tokensOf("probe begin { if (x", state);
  const copy = systemtap.copyState(state);
  tokensOf(") { } }", state);
  expect(systemtap.indent(copy, "y", { unit: 2 })).toBe(4);
  expect(systemtap.indent(state, "y", { unit: 2 })).toBe(0);
});

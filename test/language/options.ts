/** The words behind ```` ```systemtap ````: how an example is run. */
import { scriptSettings } from "../../kernel/cli/script_options.js";

export interface ExampleOptions {
  /** `cell`: in the section's notebook, rather than as a script of its own. */
  readonly mode: "script" | "cell";
  /** `pass=parse` or `pass=check`: not run, but accepted so far; else null. */
  readonly lastPass: "parse" | "semantic" | null;
  /** `kernel=refused`: the compiler refuses it for handlers in the kernel; `kernel=differs`: its result is another one there. */
  readonly kernelSide: "same" | "refused" | "different";
  /** `args="a b"` */
  readonly arguments: readonly string[];
  /** `-G`, `-D` and `-g`, as on the command line. */
  readonly settings: ReturnType<typeof scriptSettings>;
  /** What the command line would say of these. */
  readonly warnings: readonly string[];
}

interface Words {
  mode: ExampleOptions["mode"];
  lastPass: ExampleOptions["lastPass"];
  kernelSide: ExampleOptions["kernelSide"];
  arguments: string[];
  readonly global: string[];
  readonly define: string[];
  guru: boolean;
}

/** The options, or what is wrong with them. */
export function parseOptions(info: string): ExampleOptions | string {
  const words: Words = {
    mode: "script",
    lastPass: null,
    kernelSide: "same",
    arguments: [],
    global: [],
    define: [],
    guru: false,
  };
  const list = info.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  while (list.length > 0) {
    const word = list.shift()!;
    if (!take(word, () => list.shift() ?? "", words)) return `unknown option ${word}`;
  }
  const { mode, lastPass, kernelSide, global, define, guru } = words;
  const warnings: string[] = [];
  const settings = scriptSettings({ global, define, guru }, (text) => warnings.push(`WARNING: ${text}`));
  return { mode, lastPass, kernelSide, arguments: words.arguments, settings, warnings };
}

const unquoted = (text: string): string => text.replaceAll('"', "");

/** Whether the word is one of ours. */
function take(word: string, next: () => string, words: Words): boolean {
  const given = /^args="(?<list>[^"]*)"$/.exec(word)?.groups?.["list"];
  if (given !== undefined) words.arguments = given.split(" ");
  else if (word === "cell") words.mode = "cell";
  else if (word === "pass=parse") words.lastPass = "parse";
  else if (word === "pass=check") words.lastPass = "semantic";
  else if (word === "kernel=refused") words.kernelSide = "refused";
  else if (word === "kernel=differs") words.kernelSide = "different";
  else if (word === "-G") words.global.push(unquoted(next()));
  else if (word === "-D") words.define.push(unquoted(next()));
  else if (word === "-g") words.guru = true;
  else return false;
  return true;
}

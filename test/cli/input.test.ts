/** What comes through the standard input to a script's `input` probes. */
import { execFileSync, spawn } from "node:child_process";
import { openSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entry, start, withFolder } from "./tapbook.js";

const LINES = 'probe input.line { printf("[%s]", line) if (line == "stop") exit() } probe end { print("end") }';

function piped(script: string) {
  const running = start(["run", "-e", script], { stdio: ["pipe", "pipe", "pipe"] });
  return { running, stdin: running.child.stdin! };
}

test("lines come as they are typed, a last one without its end when the input ends, and then the script does", async () => {
  const { running, stdin } = piped(LINES);
  stdin.write("one\ntw");
  await running.hasPrinted("[one]");
  stdin.end("o\nthree");
  const { status, stdout } = await running.finished;
  expect({ status, text: stdout.toString() }).toEqual({ status: 0, text: "[one][two][three]end" });
});

test("exit() ends the script though more could be typed", async () => {
  const { running, stdin } = piped(LINES);
  stdin.write("stop\nmore\n");
  expect((await running.finished).stdout.toString()).toBe("[stop]end");
  stdin.destroy();
});

test("a script that waits for something else goes on when the input ends", async () => {
  const { running, stdin } = piped('probe input.char { print(char) } probe timer.ms(300) { print("tick") exit() }');
  stdin.end("ab");
  expect((await running.finished).stdout.toString()).toBe("abtick");
});

test("a file is read to its end", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lines");
    writeFileSync(path, "a\nb\n");
    const running = start(["run", "-e", LINES], { stdio: [openSync(path, "r"), "pipe", "pipe"] });
    expect((await running.finished).stdout.toString()).toBe("[a][b]end");
  });
});

/** What `stty` says of the terminal that `script` has made for its command. */
function terminalSettings(scriptPid: number): string {
  const [command] = readFileSync(`/proc/${scriptPid}/task/${scriptPid}/children`, "utf8").split(" ");
  return execFileSync("stty", ["-a", "-F", realpathSync(`/proc/${command}/fd/0`)], { encoding: "utf8" });
}

test("at a terminal each key comes as it is pressed, none is shown, and ^C interrupts", async () => {
  const script = 'probe begin { print("ready;") } probe input.char { printf("<%s>", char) } probe end { print("end") }';
  const command = `'${process.execPath}' '${entry}' run -e '${script}'`;
  const child = spawn("script", ["-qefc", command, "/dev/null"]);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  const shown = async (text: string): Promise<void> => {
    while (!output.includes(text)) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const closed = new Promise((resolve) => child.once("close", resolve));
  await shown("ready;");
  // What is typed before the script begins to read is shown by the terminal.
  while (!/ -echo /.test(terminalSettings(child.pid!))) await new Promise((resolve) => setTimeout(resolve, 20));
  child.stdin.write("a");
  await shown("<a>");
  child.stdin.write("b\r");
  await shown("<b>");
  child.stdin.write("\x03");
  await closed;
  expect(output.replaceAll("\r\n", "\n")).toBe("ready;<a><b><\n>end");
});

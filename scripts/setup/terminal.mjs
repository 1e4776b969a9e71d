/** What the scripts say, in one voice: a mark, what it is about, what happened. */
const coloured = process.stdout.isTTY && !process.env.NO_COLOR;

const paint = (code) => (text) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint("1");
export const dim = paint("2");
export const red = paint("31");
export const green = paint("32");
export const yellow = paint("33");
export const cyan = paint("36");

/** Something is as it should be. */
export function done(subject, detail = "") {
  console.log(`${green("✓")} ${subject}${detail ? dim(`  ${detail}`) : ""}`);
}

/** Something is about to be done that takes a while. */
export function doing(subject, detail = "") {
  console.log(`${cyan("→")} ${subject}${detail ? dim(`  ${detail}`) : ""}`);
}

/** Something the reader should know. */
export function note(text) {
  console.log(`${yellow("!")} ${text}`);
}

/** What is wrong, and on the lines below what to do. */
export function failed(text) {
  console.error(`${red("✗")} ${text}`);
}

/** A mistake that the user can mend: shown as its message alone, without a stack. */
export class SetupError extends Error {
  name = "SetupError";
}

/** Runs a script's main function and turns what it throws into a message and an exit status. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    failed(error instanceof SetupError ? error.message : (error?.stack ?? String(error)));
    process.exitCode = 1;
  }
}

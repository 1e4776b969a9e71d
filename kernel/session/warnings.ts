/** SystemTap keeps a table of so many warnings. */
const MOST_WARNINGS = 1024;

/** Says each warning once. */
export class Warnings {
  private readonly said = new Set<string>();

  constructor(private readonly say: (text: string) => void) {}

  warn(text: string): void {
    if (this.said.has(text) || this.said.size > MOST_WARNINGS) return;
    this.said.add(text);
    if (this.said.size > MOST_WARNINGS)
      this.say(`WARNING: more than ${MOST_WARNINGS} different warnings; the others are not shown\n`);
    else this.say(text.replace(/\n*$/, "\n"));
  }
}

/** Addresses of the kernel's symbols, as `/proc/kallsyms` tells them. */
import { readFileSync } from "node:fs";

const FILE = "/proc/kallsyms";

/** Reads the file when it is first asked, and again for a name that it did not hold: modules come and go. */
export class KernelSymbols {
  private text: string | null = null;

  constructor(private readonly read: () => string = readSymbols) {}

  /**
   * Null where there is no such symbol, where several static ones share the name, and where the kernel hides its addresses from this
   * process (it then tells 0 for each).
   */
  address(name: string): bigint | null {
    if (this.text !== null) {
      const known = find(this.text, name);
      if (known !== null) return known;
    }
    this.text = this.read();
    return find(this.text, name);
  }
}

function readSymbols(): string {
  try {
    return readFileSync(FILE, "latin1");
  } catch {
    return "";
  }
}

function find(text: string, name: string): bigint | null {
  if (!/^[\w.$]+$/.test(name)) return null;
  const pattern = new RegExp(`^(?<address>[0-9a-f]+) (?<type>\\w) ${name.replaceAll(/[.$]/g, "\\$&")}(?:\\t|$)`, "gm");
  const found = Array.from(text.matchAll(pattern), ({ groups }) => ({
    address: BigInt(`0x${groups!["address"]}`),
    // A capital letter stands for a symbol that all of the kernel sees, of which there is one.
    isGlobal: /[A-Z]/.test(groups!["type"]!),
  })).filter(({ address }) => address !== 0n);
  const [first, second] = found;
  if (!first) return null;
  if (!second) return first.address;
  return found.find(({ isGlobal }) => isGlobal)?.address ?? null;
}

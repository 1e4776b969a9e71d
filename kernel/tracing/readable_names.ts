/** Symbols of C++ as their source has them, for displays; Rust's older names are written the same way. */
import type { Native } from "./native.js";

/** A display that moves asks for the same ones again and again. */
const MOST_KNOWN = 50_000;

/** With what a compiler puts behind the names of parts and copies, such as `.cold`. */
const SYMBOL = /(?<![\w$.])_Z[\w$.]+/g;

export class ReadableNames {
  private known = new Map<string, string>();

  constructor(private readonly native: Pick<Native, "demangled">) {}

  /** A text with every symbol in it replaced that is one of C++. */
  readonly of = (text: string): string => text.replace(SYMBOL, (symbol) => this.nameOf(symbol));

  private nameOf(symbol: string): string {
    let name = this.known.get(symbol);
    if (name === undefined) {
      if (this.known.size >= MOST_KNOWN) this.known = new Map();
      this.known.set(symbol, (name = this.native.demangled(symbol) ?? symbol));
    }
    return name;
  }
}

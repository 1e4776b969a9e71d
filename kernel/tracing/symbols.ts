/** Names for addresses: of the kernel, and of processes, those that have ended as well. */
import type { SymbolPlace } from "../compiler/text/symbols.js";
import { KernelSymbols } from "./kernel_symbols.js";

export class Symbols {
  constructor(readonly kernelSymbols: KernelSymbols = new KernelSymbols()) {}

  kernel(address: bigint): SymbolPlace | null {
    return this.kernelSymbols.at(address);
  }

  /** Whether the kernel tells this process no addresses: then none of its own has a name. */
  get areKernelAddressesHidden(): boolean {
    return this.kernelSymbols.areHidden;
  }

  /** From the start of the first of these functions of the kernel to the end of the last; zeros where the kernel tells none of them. */
  codeRange(names: readonly string[]): { readonly start: bigint; readonly size: bigint } {
    let [start, end] = [0n, 0n];
    for (const name of names) {
      for (const { address } of this.kernelSymbols.addresses(name)) {
        const { size } = this.kernelSymbols.at(address) ?? { size: 0n };
        if (start === 0n || address < start) start = address;
        if (address + size > end) end = address + size;
      }
    }
    return { start, size: end - start };
  }

  user(_pid: number, _address: bigint): SymbolPlace | null {
    return null;
  }

  /** Called when a stack of a process is first seen, as it may end before anybody asks for names. */
  remember(_pid: number): void {}
}

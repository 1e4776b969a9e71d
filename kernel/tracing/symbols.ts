/** Names for addresses: of the kernel, and of processes, those that have ended as well. */
import type { SymbolPlace } from "../compiler/text/symbols.js";
import { KernelCode } from "./kernel_code.js";

export class Symbols {
  private readonly code = new KernelCode();

  kernel(address: bigint): SymbolPlace | null {
    return this.code.place(address);
  }

  /** Whether the kernel tells this process no addresses: then none of its own has a name. */
  get areKernelAddressesHidden(): boolean {
    return this.code.isHidden;
  }

  /** Where a group of the kernel's functions lies that stand close together; zeros where the kernel does not tell. */
  codeRange(names: readonly string[]): { readonly start: bigint; readonly size: bigint } {
    return this.code.range(names);
  }

  user(_pid: number, _address: bigint): SymbolPlace | null {
    return null;
  }

  /** Called when a stack of a process is first seen, as it may end before anybody asks for names. */
  remember(_pid: number): void {}
}

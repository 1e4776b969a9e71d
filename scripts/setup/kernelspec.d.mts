export const kernelName: string;
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: string;
  readonly kernel_protocol_version: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}
export function kernelNode(): string;
export function installedKernelspec(node?: string, folder?: string): Kernelspec;
export function installKernelspec(dataDirectory?: string, specification?: Kernelspec): string;
export function findKernelspec(name: string): { readonly directory: string; readonly specification: Kernelspec } | null;

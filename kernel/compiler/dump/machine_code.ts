/** What the kernel made of a program when it loaded it. */

/** The numbers that the kernel gives of a loaded program. */
export interface LoadedSizes {
  readonly name: string;
  /** Bytes of the instructions, after the kernel has rewritten them. */
  readonly translatedSize: number;
  /** Bytes of machine code; 0 where the kernel interprets. */
  readonly jitedSize: number;
  /** Instructions that the verifier walked through, on all paths together. */
  readonly verifiedInstructions: number;
}

/** The machine code itself stays with the kernel: the last line says who shows it. */
export function printMachineCode(programs: readonly LoadedSizes[]): string {
  if (programs.length === 0) return "nothing of this runs in the kernel\n";
  return programs
    .map(({ name, translatedSize, jitedSize, verifiedInstructions }) =>
      [
        `program ${name}`,
        `  ${translatedSize / 8} instructions (${translatedSize} bytes), of which the verifier walked ${verifiedInstructions}`,
        jitedSize === 0 ? "  interpreted: this kernel compiles no eBPF" : `  ${jitedSize} bytes of machine code`,
        `  while it is loaded: bpftool prog dump jited name ${name}`,
        "",
      ].join("\n"),
    )
    .join("\n");
}

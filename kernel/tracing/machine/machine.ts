/** This machine as the compiler's target, and what the capabilities of this process allow. */
import { arch, cpus, release } from "node:os";
import type { StructMember, Target } from "../../compiler/catalogue.js";
import { encode, exit, moveImmediate } from "../../compiler/bpf/encode.js";
import type { DataTypes, TypeReference } from "../../compiler/types/data_type.js";
import { findMember, resolveType } from "../../compiler/types/layout.js";
import { kernelConfig } from "./kernel_config.js";
import { MachineFunctions } from "./kernel_functions.js";
import { KernelSymbols } from "./kernel_symbols.js";
import { MachinePrograms } from "./programs.js";
import { Trials } from "./trials.js";
import { isEngineError, type Native } from "../native.js";

/** What Debian's and most servers' kernels have, where a kernel does not tell its own. */
const USUAL_JIFFIES = 250;

const TRACEPOINT_TYPE = "btf_trace_";

/** Linux 7.0 began it (commit a46023d5616e), and nothing else tells. */
function preemptsTracepoints(kernelRelease: string): boolean {
  return Number.parseInt(kernelRelease, 10) >= 7;
}

/**
 * This machine for one target process, the one of `-c` or `-x`, 0 without. What costs time (the kernel's types, a trial load) is found
 * out when a script first needs it, and once.
 */
export function describeTarget(native: Native, symbols = new KernelSymbols()): DescribedMachine {
  const machine = new Machine(native, symbols);
  return Object.assign(
    (targetPid: number, targetProgram?: string) => targetOf(native, machine, targetPid, targetProgram),
    {
      close: () => machine.programs.close(),
    },
  );
}

/** Gives targets; what they hold open is closed with it. */
export type DescribedMachine = ((targetPid: number, targetProgram?: string) => Target) & { close(): void };

function targetOf(native: Native, machine: Machine, targetPid: number, targetProgram: string | undefined): Target {
  return {
    kernelRelease: release(),
    architecture: arch() === "arm64" ? "aarch64" : "x86_64",
    possibleCpus: native.possibleCpus(),
    get tracepointProgram() {
      return machine.tracepointProgram();
    },
    get prefersClassicTracepoints() {
      return machine.prefersClassicTracepoints();
    },
    targetPid,
    targetProgram,
    hasTracepoint: (name) => machine.hasTracepoint(name),
    tracepoints: () => machine.tracepoints(),
    tracepointGroups: () => machine.tracepointGroups(),
    member: (structure, path) => machine.member(structure, path),
    dataTypes: (module) => machine.dataTypes(module),
    functions: machine.functions,
    programs: machine.programs,
    refusal: (trial) => machine.trials.refusal(trial),
    get jiffiesPerSecond() {
      return machine.jiffiesPerSecond();
    },
    get timeZone() {
      return native.localTimeZone();
    },
    kernelSymbol: (name) => machine.kernelSymbol(name),
  };
}

/** The processor's name, for the provenance of results. */
export function machineName(): string {
  return cpus()[0]?.model.trim() ?? "unknown";
}

class Machine {
  private types: DataTypes | null | undefined;
  private readonly modules = new Map<string, DataTypes>();
  private program: "tp_btf" | "raw_tracepoint" | undefined;
  private groups: ReadonlyMap<string, readonly string[]> | null = null;
  readonly functions: MachineFunctions;
  readonly programs: MachinePrograms;
  readonly trials: Trials;

  constructor(
    private readonly native: Native,
    private readonly symbols: KernelSymbols,
  ) {
    this.functions = new MachineFunctions(
      (module) => this.dataTypes(module),
      () => this.moduleNames(),
    );
    this.programs = new MachinePrograms(native);
    this.trials = new Trials(native);
  }

  jiffiesPerSecond(): number {
    return Number(kernelConfig()("CONFIG_HZ") ?? USUAL_JIFFIES);
  }

  /** Empty where tracefs is not for us. */
  tracepointGroups(): ReadonlyMap<string, readonly string[]> {
    if (this.groups) return this.groups;
    const groups = new Map<string, string[]>();
    try {
      for (const { group, name } of this.native.tracepointGroups()) {
        const names = groups.get(group);
        if (names) names.push(name);
        else groups.set(group, [name]);
      }
    } catch (error) {
      if (!isEngineError(error)) throw error;
    }
    this.groups = groups;
    return groups;
  }

  private moduleNames(): readonly string[] {
    try {
      return this.native.kernelModules();
    } catch (error) {
      if (!isEngineError(error)) throw error;
      return [];
    }
  }

  private btf(): DataTypes | null {
    if (this.types !== undefined) return this.types;
    try {
      this.types = this.native.kernelTypes();
    } catch (error) {
      if (!isEngineError(error)) throw error;
      this.types = null;
    }
    return this.types;
  }

  /** Tries to load two instructions; where even that is not allowed, the real load says so better. */
  tracepointProgram(): "tp_btf" | "raw_tracepoint" {
    if (this.program) return this.program;
    this.program = "raw_tracepoint";
    if (this.hasTracepoint("sys_enter")) {
      try {
        const instructions = encode([moveImmediate(0, 0), exit()]);
        this.native
          .loadProgram({ name: "tapbook_probe", type: "tp_btf", attachTo: "sys_enter", instructions, relocations: [] })
          .close();
        this.program = "tp_btf";
      } catch (error) {
        if (!isEngineError(error)) throw error;
        if (error.code === "EPERM") this.program = "tp_btf";
      }
    }
    return this.program;
  }

  /** Where tracefs does not tell us of them, the others have to do: what they miss is counted. */
  prefersClassicTracepoints(): boolean {
    return (
      preemptsTracepoints(release()) && this.tracepointGroups().get("raw_syscalls")?.includes("sys_enter") === true
    );
  }

  hasTracepoint(name: string): boolean {
    return this.btf()?.find(TRACEPOINT_TYPE + name, "typedef") != null;
  }

  tracepoints(): readonly string[] {
    return (this.btf()?.names("typedef", TRACEPOINT_TYPE) ?? []).map((name) => name.slice(TRACEPOINT_TYPE.length));
  }

  dataTypes(module: string | undefined): DataTypes | null {
    if (module === undefined || module === "kernel" || module === "vmlinux") return this.btf();
    const known = this.modules.get(module);
    if (known) return known;
    try {
      const types = this.native.kernelTypes(module);
      this.modules.set(module, types);
      return types;
    } catch (error) {
      // A module that is not loaded now may be later.
      if (!isEngineError(error)) throw error;
      return null;
    }
  }

  kernelSymbol(name: string): bigint | null {
    return this.symbols.address(name);
  }

  member(structure: string, path: readonly string[]): StructMember | null {
    const btf = this.btf();
    const id = btf?.find(structure, "struct");
    if (!btf || id == null) return null;
    let [reference, offset]: [TypeReference, number] = [{ types: btf, id }, 0];
    for (const name of path) {
      const found = findMember(reference, name);
      if (!found) return null;
      offset += found.bitOffset / 8;
      ({ reference } = found);
    }
    return { offset, size: resolveType(reference).size };
  }
}

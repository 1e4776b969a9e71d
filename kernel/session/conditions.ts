import { kernelConfig } from "../tracing/machine/kernel_config.js";
import { arch, release } from "node:os";
import type { Conditions } from "../compiler/syntax/conditions.js";

/** What `%( … %?` can ask about this machine; needs neither privilege nor the native engine. */
export function machineConditions(guru: boolean): Conditions {
  return {
    kernel_v: /^[\d.]+/.exec(release())?.[0] ?? release(),
    kernel_vr: release(),
    arch: arch() === "arm64" ? "arm64" : "x86_64",
    runtime: "bpf",
    systemtap_v: "5.6",
    systemtap_privilege: "stapdev",
    guru_mode: guru,
    config: kernelConfig(),
  };
}

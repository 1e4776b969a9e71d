/** This machine's engine, on a kernel that lets functions be probed: what is tried succeeds and attaches nothing. */
import type { DataTypes } from "../../kernel/compiler/types/data_type.js";
import { loadNative, type Native, type NativeProgram } from "../../kernel/tracing/native.js";

/** Functions that are there besides the kernel's own. */
export function permissiveNative(functions: readonly string[] = []): Native {
  const native = loadNative();
  const handle = { close: () => undefined };
  const program = { ...handle, attach: () => handle } as unknown as NativeProgram;
  const loadProgram: Native["loadProgram"] = () => program;
  const kernelTypes: Native["kernelTypes"] = (module) => withFunctions(native.kernelTypes(module), functions);
  return new Proxy(native, {
    get(engine, name) {
      if (name === "loadProgram") return loadProgram;
      if (name === "kernelTypes") return kernelTypes;
      const member: unknown = Reflect.get(engine, name);
      return typeof member === "function" ? (member.bind(engine) as unknown) : member;
    },
  });
}

function withFunctions(types: DataTypes, functions: readonly string[]): DataTypes {
  if (functions.length === 0) return types;
  return {
    type: (id) => types.type(id),
    find: (name, kind) => types.find(name, kind),
    enumeration: (enumerator) => types.enumeration(enumerator),
    names: (kind, prefix) => [
      ...types.names(kind, prefix),
      ...(kind === "function" ? functions.filter((name) => name.startsWith(prefix)) : []),
    ],
  };
}

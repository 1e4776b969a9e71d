/** The types of a program in the shape of the kernel's, so that one printer and one `->` serve both. */
import type { DataTypes } from "../../compiler/types/data_type.js";
import type { NativeElf } from "../native.js";

export function typesOfElf(elf: NativeElf): DataTypes {
  return {
    space: "user",
    find: (name, kind) => elf.findType(name, kind),
    enumeration: (enumerator) => elf.findEnumeration(enumerator),
    type: (id) => elf.dwarfType(id),
    names: (kind, prefix) => elf.typeNames(kind, prefix),
  };
}

/** Macros that every script has, as SystemTap's library of macros gives them. */
import type { Source } from "../compiler/source.js";

/** What a condition of `@defined` decides is not looked at where it is not there. */
const choices = `
@define choose_defined(first, second) %( (@defined(@first) ? @first : @second) %)
`;

/** A type stands in quotes, a member does not. A structure's size is where the next one in an array of them begins. */
const types = `
@define type_defined(type) %( @defined(@cast(0, @type)) %)
@define type_member_defined(type, member) %( @defined(@cast(0, @type)->@member) %)
@define container_of(pointer, type, member) %( @cast(@pointer - &@cast(0, @type)->@member, @type) %)
@define cast_sizeof(type) %( (&@cast(0, @type)[1]) %)
@define cast_module_sizeof(module, type) %( (&@cast(0, @type, @module)[1]) %)
`;

export const macroLibrary: readonly Source[] = [
  { name: "tapset/choices", text: choices },
  { name: "tapset/types", text: types },
];

/** What types are made of, and how scripts write them. */
import {
  findMember,
  isSameType,
  namedMembers,
  pointerTo,
  resolveType,
  sizeOf,
  targetOf,
} from "../../../kernel/compiler/types/layout.js";
import { describeType } from "../../../kernel/compiler/types/type_text.js";
import { findType, parseTypeName } from "../../../kernel/compiler/types/type_name.js";
import { bits, DescribedTypes, member } from "./described.js";

const types = new DescribedTypes();
const int = types.number("int", 4, true);
const unsignedLong = types.number("long unsigned int", 8, false);
const char = types.number("char", 1, true);
const u32 = types.add("typedef", { name: "u32", target: types.number("unsigned int", 4, false) });
const anonymousStruct = types.struct("", 8, [member("low", int, 0), member("high", int, 4)]);
const anonymousUnion = types.add("union", {
  size: 8,
  members: [member("", anonymousStruct, 0), member("both", unsignedLong, 0)],
});
const packet = types.struct("packet", 40, [
  member("length", int, 0),
  bits("version", int, 32, 4),
  bits("kind", int, 36, 3),
  member("", anonymousUnion, 8),
  member("name", types.array(char, 16), 16),
  member("next", types.pointer(types.add("forward", { name: "packet" })), 32),
]);
const reference = (id: number) => ({ types, id });

test("members are found through structs and unions without a name, at their place in the whole", () => {
  const found = (name: string) => {
    const member = findMember(reference(packet), name);
    return member && [describeType(member.reference), member.bitOffset, member.bitSize];
  };
  expect(found("length")).toEqual(["int", 0, 0]);
  expect(found("kind")).toEqual(["int", 36, 3]);
  expect(found("high")).toEqual(["int", 96, 0]);
  expect(found("both")).toEqual(["long unsigned int", 64, 0]);
  expect(found("name")).toEqual(["char[16]", 128, 0]);
  expect(found("next")).toEqual(["struct packet *", 256, 0]);
  expect(found("middle")).toBeNull();
  expect(namedMembers(reference(packet)).map(({ name }) => name)).toEqual([
    "length",
    "version",
    "kind",
    "low",
    "high",
    "both",
    "name",
    "next",
  ]);
});

test("a struct that was only announced is the one of its name", () => {
  const next = findMember(reference(packet), "next")!.reference;
  expect(resolveType(targetOf(next)).id).toBe(packet);
  expect(findMember(targetOf(next), "high")!.bitOffset).toBe(96);
});

test("sizes go through typedefs and arrays, and a pointer has one though nothing tells it", () => {
  expect(sizeOf(reference(u32))).toBe(4);
  expect(sizeOf(reference(types.array(packet, 3)))).toBe(120);
  expect(sizeOf(reference(types.add("pointer", { target: packet })))).toBe(8);
  expect(sizeOf(reference(0))).toBe(0);
});

test("pointers that a script makes", () => {
  const once = pointerTo(reference(packet));
  const twice = pointerTo(once);
  expect(describeType(twice)).toBe("struct packet **");
  expect(resolveType(targetOf(targetOf(twice))).id).toBe(packet);
  expect(isSameType(once, reference(types.pointer(packet)))).toBe(true);
  expect(isSameType(once, twice)).toBe(false);
});

test.each<[string, string | null]>([
  ["packet", "struct packet"],
  ["struct packet", "struct packet"],
  [" const struct packet  * const *", "struct packet **"],
  ["union packet", null],
  ["u32", "u32"],
  ["unsigned", "unsigned int"],
  ["unsigned int", "unsigned int"],
  ["unsigned long", "long unsigned int"],
  ["unsigned long int", "long unsigned int"],
  ["long unsigned int*", "long unsigned int *"],
  ["signed int", "int"],
  ["void *", "void *"],
  ["void", null],
  ["struct", null],
  ["struct long int", null],
  ["packet packet", null],
  ["", null],
  ["*", null],
  ["int (*)(void)", null],
])("%j is %s", (text, expected) => {
  const written = parseTypeName(text);
  const found = written && findType(types, written);
  expect(found && describeType(found)).toBe(expected);
});

#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "../kernel_types.hpp"
#include "debug_index.hpp"

namespace tapbook {

/**
 * A program's types from its debug information, in the shape of the kernel's. Numbers are given out as types are met;
 * 0 is void. Classes are structs whose bases are members without a name; references are pointers.
 */
class DebugTypes {
 public:
  DebugTypes(const Libdw& libdw, const DebugIndex& index) : libdw_(libdw), index_(index), known_(1) {}

  Type type(std::uint32_t id);
  /** 0 where there is no such type. */
  std::uint32_t find(const std::string& name, TypeKind kind);
  /** The first enumeration with an enumerator of that name; 0 where none has it. */
  std::uint32_t enumeration(const std::string& enumerator);
  std::vector<const char*> names(TypeKind kind, const std::string& prefix);
  /** The type that an entry's DW_AT_type names. */
  std::uint32_t typeOf(Dwarf_Die& die);

 private:
  struct Known {
    Dwarf_Die die{};
    /** Of an array: how many of its dimensions are already taken off. */
    std::uint32_t dimension = 0;
  };

  std::uint32_t idOf(Dwarf_Die die, std::uint32_t dimension = 0);
  TypeKind kindOf(Dwarf_Die& die) const;
  bool isSigned(Dwarf_Die& die) const;
  void addMembers(Dwarf_Die& die, Type& answer);
  void addEnumerators(Dwarf_Die& die, Type& answer) const;
  void addParameters(Dwarf_Die& die, Type& answer);
  void describeArray(const Known& known, Type& answer);
  bool memberPlace(Dwarf_Die& member, TypeMember& answer);
  /** Nothing where the attribute is missing or no number. */
  bool number(Dwarf_Die& die, unsigned attribute, std::uint64_t& value) const;

  const Libdw& libdw_;
  const DebugIndex& index_;
  std::vector<Known> known_;
  /** By the entry's place in the debug information, one number for each dimension. */
  std::unordered_map<const void*, std::vector<std::uint32_t>> ids_;
};

}  // namespace tapbook

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libdw.hpp"

namespace tapbook {

enum class DebugEntryKind { Function, Variable, Type };

struct DebugEntry {
  Dwarf_Die die{};
  DebugEntryKind kind = DebugEntryKind::Type;
  /** Empty for an enumeration that has none. */
  const char* name = "";
};

struct DebugUnit {
  /** What holds the unit's lines and ranges. */
  Dwarf_Die lines{};
  /** What holds its functions and types: the same, unless they are in a file of their own. */
  Dwarf_Die entries{};
};

/** What a program's debug information names, by name: found in one pass over the outermost entries. */
class DebugIndex {
 public:
  DebugIndex(const Libdw& libdw, Dwarf* dwarf);

  const std::vector<DebugUnit>& units() const { return units_; }
  /** In the order of the file. */
  const std::vector<DebugEntry>& entries() const { return entries_; }
  std::vector<Dwarf_Die> find(const std::string& name, DebugEntryKind kind) const;

 private:
  void visit(Dwarf_Die& parent);
  void add(Dwarf_Die& die, DebugEntryKind kind);
  void addName(const char* name, std::size_t entry);

  const Libdw& libdw_;
  std::vector<DebugUnit> units_;
  std::vector<DebugEntry> entries_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> byName_;
};

}  // namespace tapbook

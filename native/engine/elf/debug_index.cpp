#include "debug_index.hpp"

#include <cstring>

namespace tapbook {

DebugIndex::DebugIndex(const Libdw& libdw, Dwarf* dwarf) : libdw_(libdw) {
  Dwarf_CU* unit = nullptr;
  std::uint8_t type = 0;
  DebugUnit found;
  while (libdw.getUnits(dwarf, unit, &unit, nullptr, &type, &found.lines, &found.entries) == 0) {
    // A skeleton stands for a unit in another file; if that file is not there, what the skeleton knows is all.
    const bool isElsewhere = type == DW_UT_skeleton && libdw.tag(&found.entries) != DW_TAG_invalid;
    if (!isElsewhere) found.entries = found.lines;
    units_.push_back(found);
    visit(found.entries);
  }
}

void DebugIndex::visit(Dwarf_Die& parent) {
  Dwarf_Die die;
  for (int end = libdw_.child(&parent, &die); end == 0; end = libdw_.siblingOf(&die, &die)) {
    switch (libdw_.tag(&die)) {
      case DW_TAG_subprogram:
        if (!libdw_.hasAttribute(&die, DW_AT_declaration)) add(die, DebugEntryKind::Function);
        break;
      case DW_TAG_variable:
        if (!libdw_.hasAttribute(&die, DW_AT_declaration)) add(die, DebugEntryKind::Variable);
        break;
      case DW_TAG_base_type:
      case DW_TAG_structure_type:
      case DW_TAG_class_type:
      case DW_TAG_union_type:
      case DW_TAG_enumeration_type:
      case DW_TAG_typedef:
        add(die, DebugEntryKind::Type);
        break;
      case DW_TAG_namespace:
        visit(die);
        break;
      default:
        break;
    }
  }
}

void DebugIndex::add(Dwarf_Die& die, DebugEntryKind kind) {
  const char* name = libdw_.dieName(&die);
  if (name == nullptr) {
    // An enumeration without a name has names within.
    if (libdw_.tag(&die) == DW_TAG_enumeration_type) entries_.push_back({die, kind, ""});
    return;
  }
  entries_.push_back({die, kind, name});
  addName(name, entries_.size() - 1);
  if (kind == DebugEntryKind::Type) return;
  // The name that the linker knows, where the language has overloading.
  Dwarf_Attribute attribute;
  const char* linkage = nullptr;
  // The second is what it was called before DWARF 4.
  for (const unsigned attributeName : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    if (linkage == nullptr) linkage = libdw_.formString(libdw_.attributeIntegrate(&die, attributeName, &attribute));
  }
  if (linkage != nullptr && std::strcmp(linkage, name) != 0) addName(linkage, entries_.size() - 1);
}

void DebugIndex::addName(const char* name, std::size_t entry) { byName_[name].push_back(entry); }

std::vector<Dwarf_Die> DebugIndex::find(const std::string& name, DebugEntryKind kind) const {
  std::vector<Dwarf_Die> found;
  const auto named = byName_.find(name);
  if (named == byName_.end()) return found;
  for (const std::size_t entry : named->second) {
    if (entries_[entry].kind == kind) found.push_back(entries_[entry].die);
  }
  return found;
}

}  // namespace tapbook

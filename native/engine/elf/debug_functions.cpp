// Functions and variables of a program, as its debug information describes them.

#include <cstdlib>
#include <set>
#include <string_view>

#include "debug_information.hpp"
#include "source_path.hpp"

namespace tapbook {

std::vector<DebugFunction> DebugInformation::functions(const std::string& name) {
  std::vector<DebugFunction> found;
  for (Dwarf_Die& die : index_->find(name, DebugEntryKind::Function)) {
    if (auto function = describe(die, false)) found.push_back(std::move(*function));
    if (libdw_.hasAttribute(&die, DW_AT_inline)) addInstances(die, found);
  }
  // Several units may describe the one copy that the linker kept.
  std::set<std::uint64_t> places;
  std::vector<DebugFunction> distinct;
  for (DebugFunction& function : found) {
    if (places.insert(function.address).second) distinct.push_back(std::move(function));
  }
  return distinct;
}

std::optional<DebugFunction> DebugInformation::functionAt(std::uint64_t address) {
  if (functionsByEntry_.empty()) {
    for (std::size_t number = 0; number < index_->entries().size(); number++) {
      DebugEntry entry = index_->entries()[number];
      if (entry.kind == DebugEntryKind::Function) functionsByEntry_.emplace(entryOf(entry.die), number);
    }
  }
  const auto found = address != 0 ? functionsByEntry_.find(address) : functionsByEntry_.end();
  if (found == functionsByEntry_.end()) return std::nullopt;
  Dwarf_Die die = index_->entries()[found->second].die;
  return describe(die, false);
}

void DebugInformation::addInstances(Dwarf_Die& abstract, std::vector<DebugFunction>& found) {
  std::vector<Dwarf_Die> instances;
  const auto collect = [](Dwarf_Die* instance, void* into) {
    static_cast<std::vector<Dwarf_Die>*>(into)->push_back(*instance);
    return static_cast<int>(DWARF_CB_OK);
  };
  libdw_.inlineInstances(&abstract, collect, &instances);
  for (Dwarf_Die& instance : instances) {
    if (auto function = describe(instance, true)) found.push_back(std::move(*function));
  }
}

std::uint64_t DebugInformation::entryOf(Dwarf_Die& die) {
  Dwarf_Addr entry = 0;
  if (libdw_.entryPc(&die, &entry) == 0) return entry;
  // Code in several pieces begins where the first piece does, or so far behind it as the entry says.
  Dwarf_Addr base = 0;
  Dwarf_Addr end = 0;
  if (libdw_.ranges(&die, 0, &base, &entry, &end) <= 0) return 0;
  Dwarf_Attribute attribute;
  Dwarf_Word distance = 0;
  if (libdw_.formUnsigned(libdw_.attribute(&die, DW_AT_entry_pc, &attribute), &distance) == 0) entry += distance;
  return entry;
}

std::optional<DebugFunction> DebugInformation::describe(Dwarf_Die& die, bool isInlined) {
  const std::uint64_t entry = entryOf(die);
  // No code: it is only described, or was optimised away.
  if (entry == 0) return std::nullopt;
  DebugFunction function;
  const char* name = libdw_.dieName(&die);
  if (name != nullptr) function.name = name;
  const char* file = libdw_.declarationFile(&die);
  if (file != nullptr) function.file = file;
  libdw_.declarationLine(&die, &function.line);
  function.address = entry;
  function.bodyAddress = entry;
  function.isInlined = isInlined;
  function.returnType = types_->typeOf(die);
  // Of code in several pieces, libdw may mean another piece.
  if (!isInlined && libdw_.hasAttribute(&die, DW_AT_low_pc)) {
    Dwarf_Addr* breakpoints = nullptr;
    if (libdw_.entryBreakpoints(&die, &breakpoints) > 0 && breakpoints[0] > entry)
      function.bodyAddress = breakpoints[0];
    std::free(breakpoints);
  }
  addContents(die, function, false);
  // The first two are of DWARF 5, the others what GCC wrote before.
  for (const unsigned name :
       {DW_AT_call_all_calls, DW_AT_call_all_source_calls, DW_AT_GNU_all_call_sites, DW_AT_GNU_all_source_call_sites}) {
    function.tellsCalls = function.tellsCalls || libdw_.hasAttribute(&die, name);
  }
  Dwarf_Addr base = 0;
  CodeRange range;
  for (std::ptrdiff_t next = 0; (next = libdw_.ranges(&die, next, &base, &range.low, &range.high)) > 0;) {
    function.code.push_back(range);
  }

  Dwarf_Die* scopes = nullptr;
  const int count = libdw_.getScopes(&die, &scopes);
  for (int number = 0; number < count; number++) {
    Dwarf_Attribute attribute;
    if (libdw_.tag(&scopes[number]) != DW_TAG_subprogram) continue;
    if (libdw_.attribute(&scopes[number], DW_AT_frame_base, &attribute) != nullptr) {
      function.frameBase = locationsOf(libdw_, attribute);
    }
    break;
  }
  std::free(scopes);
  return function;
}

void DebugInformation::addContents(Dwarf_Die& parent, DebugFunction& function, bool isWithinInlined) {
  Dwarf_Die child;
  for (int end = libdw_.child(&parent, &child); end == 0; end = libdw_.siblingOf(&child, &child)) {
    switch (libdw_.tag(&child)) {
      case DW_TAG_formal_parameter:
        if (!isWithinInlined) function.parameters.push_back(describeVariable(child));
        break;
      case DW_TAG_variable:
        if (!isWithinInlined) function.locals.push_back(describeVariable(child));
        break;
      case DW_TAG_label:
        if (!isWithinInlined) addLabel(child, function);
        break;
      case DW_TAG_lexical_block:
        addContents(child, function, isWithinInlined);
        break;
      case DW_TAG_call_site:
      case DW_TAG_GNU_call_site:
        // What an inlined function calls is called from there, not from here.
        if (!isWithinInlined) addCall(child, function);
        break;
      case DW_TAG_inlined_subroutine:
        if (!isWithinInlined) addCall(child, function);
        break;
      default:
        break;
    }
  }
}

void DebugInformation::addLabel(Dwarf_Die& die, DebugFunction& function) {
  DebugLabel label;
  const char* name = libdw_.dieName(&die);
  // One that no code was left for has no place.
  if (name == nullptr || libdw_.lowPc(&die, &label.address) != 0) return;
  label.name = name;
  libdw_.declarationLine(&die, &label.line);
  function.labels.push_back(label);
}

void DebugInformation::addCall(Dwarf_Die& die, DebugFunction& function) {
  DebugCall call;
  Dwarf_Attribute attribute;
  Dwarf_Die callee;
  if (libdw_.tag(&die) == DW_TAG_inlined_subroutine) {
    const char* name = libdw_.dieName(&die);
    call.inlinedAt = entryOf(die);
    if (name == nullptr || call.inlinedAt == 0) return;
    call.name = name;
    function.calls.push_back(call);
    return;
  }
  // Before DWARF 5 the origin of a call stood under another name. A call through a pointer has none.
  Dwarf_Attribute* origin = libdw_.attribute(&die, DW_AT_call_origin, &attribute);
  if (origin == nullptr) origin = libdw_.attribute(&die, DW_AT_abstract_origin, &attribute);
  if (libdw_.formReference(origin, &callee) == nullptr) return;
  const char* name = libdw_.dieName(&callee);
  if (name == nullptr) return;
  call.name = name;
  call.entry = entryOf(callee);
  function.calls.push_back(call);
}

DebugVariable DebugInformation::describeVariable(Dwarf_Die& die) {
  DebugVariable variable;
  const char* name = libdw_.dieName(&die);
  if (name != nullptr) variable.name = name;
  const char* file = libdw_.declarationFile(&die);
  if (file != nullptr) variable.file = file;
  variable.type = types_->typeOf(die);
  Dwarf_Attribute attribute;
  if (libdw_.attributeIntegrate(&die, DW_AT_location, &attribute) != nullptr) {
    variable.locations = locationsOf(libdw_, attribute);
  } else if (libdw_.attributeIntegrate(&die, DW_AT_const_value, &attribute) != nullptr) {
    Dwarf_Sword value = 0;
    if (libdw_.formSigned(&attribute, &value) == 0) variable.constant = value;
  }
  return variable;
}

std::vector<DebugVariable> DebugInformation::variables(const std::string& name) {
  std::vector<DebugVariable> found;
  for (Dwarf_Die& die : index_->find(name, DebugEntryKind::Variable)) {
    DebugVariable candidate = describeVariable(die);
    if (candidate.locations.empty() && !candidate.constant) continue;
    candidate.isExternal = libdw_.hasAttributeIntegrate(&die, DW_AT_external) != 0;
    found.push_back(std::move(candidate));
  }
  return found;
}

std::vector<const char*> DebugInformation::variableNames() const {
  std::vector<const char*> found;
  std::set<std::string_view> seen;
  for (const DebugEntry& entry : index_->entries()) {
    if (entry.kind == DebugEntryKind::Variable && seen.insert(entry.name).second) found.push_back(entry.name);
  }
  return found;
}

}  // namespace tapbook

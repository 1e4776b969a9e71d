#include "debug_location.hpp"

namespace tapbook {
namespace {

bool isRegister(std::uint8_t code) { return code >= DW_OP_reg0 && code <= DW_OP_reg31; }

/** What an operation refers to instead of holding it: an address in a table, or an expression of its own. */
DebugOperation resolved(const Libdw& libdw, Dwarf_Attribute* attribute, const Dwarf_Op& operation) {
  DebugOperation answer{operation.atom, operation.number, operation.number2};
  Dwarf_Attribute referred;
  if (attribute == nullptr) return answer;
  if (operation.atom == DW_OP_addrx || operation.atom == DW_OP_GNU_addr_index) {
    Dwarf_Addr address = 0;
    if (libdw.getLocationAttribute(attribute, &operation, &referred) == 0 &&
        libdw.formAddress(&referred, &address) == 0) {
      return {DW_OP_addr, address, 0};
    }
  }
  if (operation.atom == DW_OP_entry_value || operation.atom == DW_OP_GNU_entry_value) {
    Dwarf_Op* inner = nullptr;
    std::size_t count = 0;
    answer = {DW_OP_entry_value, UINT64_MAX, 0};
    if (libdw.getLocationAttribute(attribute, &operation, &referred) == 0 &&
        libdw.getLocation(&referred, &inner, &count) == 0 && count == 1) {
      if (isRegister(inner->atom)) answer.first = inner->atom - DW_OP_reg0;
      if (inner->atom == DW_OP_regx) answer.first = inner->number;
    }
  }
  return answer;
}

}  // namespace

std::vector<DebugOperation> operationsOf(const Libdw& libdw, Dwarf_Attribute* attribute, const Dwarf_Op* operations,
                                         std::size_t count) {
  std::vector<DebugOperation> answer;
  for (std::size_t number = 0; number < count; number++) {
    answer.push_back(resolved(libdw, attribute, operations[number]));
  }
  return answer;
}

std::vector<DebugLocation> locationsOf(const Libdw& libdw, Dwarf_Attribute& attribute) {
  std::vector<DebugLocation> locations;
  Dwarf_Addr base = 0;
  Dwarf_Addr low = 0;
  Dwarf_Addr high = 0;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  for (std::ptrdiff_t next = 0;
       (next = libdw.getLocations(&attribute, next, &base, &low, &high, &operations, &count)) > 0;) {
    locations.push_back({low, high, operationsOf(libdw, &attribute, operations, count)});
  }
  return locations;
}

}  // namespace tapbook

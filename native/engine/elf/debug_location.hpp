#pragma once

#include <cstdint>
#include <vector>

#include "libdw.hpp"

namespace tapbook {

/** One step of a DWARF expression. */
struct DebugOperation {
  /** DW_OP_*. */
  std::uint8_t code = 0;
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

/** Where a variable is while the processor is between two addresses. */
struct DebugLocation {
  std::uint64_t low = 0;
  std::uint64_t high = UINT64_MAX;
  std::vector<DebugOperation> operations;
};

/** The locations that an attribute describes; none where it describes none. */
std::vector<DebugLocation> locationsOf(const Libdw& libdw, Dwarf_Attribute& attribute);

/** An expression that libdw has taken apart. */
std::vector<DebugOperation> operationsOf(const Libdw& libdw, Dwarf_Attribute* attribute, const Dwarf_Op* operations,
                                         std::size_t count);

}  // namespace tapbook

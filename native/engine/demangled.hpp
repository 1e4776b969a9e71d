#pragma once

#include <optional>
#include <string>

namespace tapbook {

/** A symbol's name as the C++ source has it; empty where it is not that of a C++ symbol. */
std::optional<std::string> demangled(const std::string& symbol);

}  // namespace tapbook

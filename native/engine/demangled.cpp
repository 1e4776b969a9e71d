#include "demangled.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace tapbook {

std::optional<std::string> demangled(const std::string& symbol) {
  // The library reads other texts as types: `i` would be `int`.
  if (symbol.rfind("_Z", 0) != 0) return std::nullopt;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status),
                                                         &std::free);
  if (!name) return std::nullopt;
  return std::string(name.get());
}

}  // namespace tapbook

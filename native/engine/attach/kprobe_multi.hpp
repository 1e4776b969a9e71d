#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

struct KprobeMultiOptions {
  /** Names, or addresses; one of the two. */
  std::vector<std::string> functions;
  std::vector<std::uint64_t> addresses;
  bool isReturn = false;
  /** None, or one for each function. */
  std::vector<std::uint64_t> cookies;
};

/** Attaches to the entries or the returns of any number of kernel functions, by one link: to all of them or to none. */
Link attachKprobeMulti(const Program& program, const KprobeMultiOptions& options);

}  // namespace tapbook

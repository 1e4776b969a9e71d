#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

struct UprobeMultiOptions {
  std::string path;
  /** In the file. */
  std::vector<std::uint64_t> offsets;
  bool isReturn = false;
  /** -1 for all processes. */
  int pid = -1;
  /** None, or one for each offset, as in UprobeOptions. */
  std::vector<std::uint64_t> referenceCounterOffsets;
  /** None, or one for each offset. */
  std::vector<std::uint64_t> cookies;
};

/** Attaches to any number of places in a file, by one link: to all of them or to none. */
Link attachUprobeMulti(const Program& program, const UprobeMultiOptions& options);

}  // namespace tapbook

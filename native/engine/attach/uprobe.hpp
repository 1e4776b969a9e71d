#pragma once

#include <cstdint>
#include <string>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

struct UprobeOptions {
  std::string path;
  /** In the file. */
  std::uint64_t offset = 0;
  bool isReturn = false;
  /** -1 for all processes. */
  int pid = -1;
  /** Where in the file the number of probes at the mark is counted (USDT's semaphore); 0 for none. */
  std::uint64_t referenceCounterOffset = 0;
  std::uint64_t cookie = 0;
};

/** Attaches to an instruction of a file, or to the return of the function that starts there. */
Link attachUprobe(const Program& program, const UprobeOptions& options);

}  // namespace tapbook

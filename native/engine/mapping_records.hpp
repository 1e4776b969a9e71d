#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "file_descriptor.hpp"
#include "memory_mapping.hpp"

namespace tapbook {

/**
 * What one process and all that it starts, or every process, from now on map, fork and execute, as the kernel's perf
 * events record it: at once, so that it is known of a process that has ended, too.
 */
class MappingRecords {
 public:
  static constexpr pid_t kEveryProcess = -1;

  explicit MappingRecords(pid_t process);

  /**
   * Takes the PERF_RECORD_* that have come: MMAP2, COMM, FORK, EXIT and LOST. Each CPU's are in order; all but LOST end
   * with the 64-bit time of their event.
   */
  std::vector<std::uint8_t> take();

 private:
  struct Buffer {
    FileDescriptor event;
    MemoryMapping memory;
  };
  std::vector<Buffer> buffers_;
};

}  // namespace tapbook

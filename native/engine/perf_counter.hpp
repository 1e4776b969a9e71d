#pragma once

#include <cstdint>
#include <string>

#include "file_descriptor.hpp"

namespace tapbook {

struct PerfCounterOptions {
  /** PERF_TYPE_* and its configuration. */
  std::uint32_t type = 0;
  std::uint64_t config = 0;
  /** -1 for all CPUs with a process, else the CPU. */
  int cpu = -1;
  /** -1 for all processes. */
  int pid = -1;
};

/**
 * Counts an event of the processor or the kernel. It is never shared out in turns, as more counters than the processor
 * has would be: its number is exact, or reading it fails.
 */
class PerfCounter {
 public:
  explicit PerfCounter(const PerfCounterOptions& options);

  int descriptor() const { return event_.number(); }
  /** Throws EBUSY where the processor had no counter left. */
  std::uint64_t read() const;

 private:
  std::string name_;
  FileDescriptor event_;
};

}  // namespace tapbook

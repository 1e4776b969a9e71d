#pragma once

#include <linux/perf_event.h>

#include <cstdint>
#include <string>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

struct PerfEventOptions {
  /** PERF_TYPE_* and its configuration. */
  std::uint32_t type = 0;
  std::uint64_t config = 0;
  /** Samples a second if `byFrequency`, else events a sample. */
  std::uint64_t sample = 0;
  bool byFrequency = false;
  /** -1 for all CPUs with a process, else the CPU. */
  int cpu = -1;
  /** -1 for all processes. */
  int pid = -1;
};

Link attachPerfEvent(const Program& program, const PerfEventOptions& options);

/** Opens a perf event and hands it to the program; `operation` is for the error. */
Link attachToEvent(const Program& program, perf_event_attr attributes, int pid, int cpu, const std::string& operation);

}  // namespace tapbook

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
  std::uint64_t config1 = 0;
  std::uint64_t config2 = 0;
  /** Samples a second if `byFrequency`, else events a sample. */
  std::uint64_t sample = 0;
  bool byFrequency = false;
  /** -1 for all CPUs with a process, else the CPU. */
  int cpu = -1;
  /** -1 for all processes. */
  int pid = -1;
  /** Threads and processes that the one of `pid` starts are counted as well. */
  bool inherited = false;
};

Link attachPerfEvent(const Program& program, const PerfEventOptions& options);

/** Where an event counts. The kernel takes -1 for one of the two: all processes on a CPU, or one on all CPUs. */
struct EventScope {
  int pid = -1;
  int cpu = -1;
};

/** A perf event, not bound to a program; `operation` is for the error. */
FileDescriptor openEvent(perf_event_attr attributes, EventScope scope, const std::string& operation);

/** Opens a perf event and hands it to the program, which reads `cookie` with `bpf_get_attach_cookie`. */
Link attachToEvent(const Program& program, perf_event_attr attributes, EventScope scope, std::uint64_t cookie,
                   const std::string& operation);

}  // namespace tapbook

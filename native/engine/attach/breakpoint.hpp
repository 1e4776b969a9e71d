#pragma once

#include <cstdint>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

enum class BreakpointAccess { Write, ReadWrite, Execute };

struct BreakpointOptions {
  std::uint64_t address = 0;
  /** Bytes: 1, 2, 4 or 8. */
  std::uint32_t length = 8;
  BreakpointAccess access = BreakpointAccess::Write;
  /** -1 for all CPUs with a process, else the CPU. */
  int cpu = -1;
  /** -1 for all processes. */
  int pid = -1;
  /** Threads and processes that the one of `pid` starts are watched as well. */
  bool inherited = false;
};

/** Attaches to a hardware watchpoint of the processor. */
Link attachBreakpoint(const Program& program, const BreakpointOptions& options);

}  // namespace tapbook

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tapbook {

/** CPUs that a per-CPU map has a value for. */
int possibleCpus();

int onlineCpus();

/** Which CPUs are online: those between them may not be. */
std::vector<int> onlineCpuNumbers();

/** CLOCK_MONOTONIC, as `bpf_ktime_get_ns` counts. */
std::uint64_t monotonicNanoseconds();

struct TimeZone {
  long secondsWestOfUtc;
  /** As `date +%Z` says. */
  std::string name;
};

/** Of this process, at this moment. */
TimeZone localTimeZone();

/** Keeps libbpf from writing to standard error; what goes wrong is thrown. Call once, first. */
void silenceLibbpf();

}  // namespace tapbook

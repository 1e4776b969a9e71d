#pragma once

#include <cstdint>

namespace tapbook {

/** CPUs that a per-CPU map has a value for. */
int possibleCpus();

int onlineCpus();

/** CLOCK_MONOTONIC, as `bpf_ktime_get_ns` counts. */
std::uint64_t monotonicNanoseconds();

/** Keeps libbpf from writing to standard error; what goes wrong is thrown. Call once, first. */
void silenceLibbpf();

}  // namespace tapbook

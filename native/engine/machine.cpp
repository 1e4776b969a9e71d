#include "machine.hpp"

#include <bpf/libbpf.h>
#include <unistd.h>

#include <ctime>

#include "error.hpp"

namespace tapbook {

int possibleCpus() {
  const int count = libbpf_num_possible_cpus();
  if (count < 0) throw Error(-count, "count the possible CPUs");
  return count;
}

int onlineCpus() { return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)); }

std::uint64_t monotonicNanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

void silenceLibbpf() { libbpf_set_print(nullptr); }

}  // namespace tapbook

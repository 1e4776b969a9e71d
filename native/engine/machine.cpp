#include "machine.hpp"

#include <bpf/libbpf.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <fstream>

#include "error.hpp"

namespace tapbook {

int possibleCpus() {
  const int count = libbpf_num_possible_cpus();
  if (count < 0) throw Error(-count, "count the possible CPUs");
  return count;
}

int onlineCpus() { return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)); }

std::vector<int> onlineCpuNumbers() {
  std::ifstream file("/sys/devices/system/cpu/online");
  std::vector<int> numbers;
  // Ranges and single numbers, such as 0-2,5.
  for (int first = 0; file >> first;) {
    int last = first;
    if (file.peek() == '-') {
      file.ignore();
      file >> last;
    }
    for (int number = first; number <= last; number++) numbers.push_back(number);
    file.ignore();
  }
  if (numbers.empty()) throw Error(ENOENT, "read which CPUs are online");
  return numbers;
}

std::uint64_t monotonicNanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

TimeZone localTimeZone() {
  tzset();
  const std::time_t now = std::time(nullptr);
  tm local{};
  if (localtime_r(&now, &local) == nullptr) throw Error(errno, "read the local time");
  return {-local.tm_gmtoff, local.tm_zone};
}

void silenceLibbpf() { libbpf_set_print(nullptr); }

}  // namespace tapbook

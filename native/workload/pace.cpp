#include "pace.hpp"

#include <sys/syscall.h>
#include <unistd.h>

namespace workload {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

}  // namespace

std::uint64_t nanosecondsNow() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * kSecond + static_cast<std::uint64_t>(now.tv_nsec);
}

void countedSleep(int flags, std::uint64_t nanoseconds, Report& report) {
  const timespec time{static_cast<time_t>(nanoseconds / kSecond), static_cast<long>(nanoseconds % kSecond)};
  report.count("clock_nanosleep", syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, flags, &time, nullptr));
}

Pace::Pace(std::uint64_t rate) : rate_(rate), start_(rate == 0 ? 0 : nanosecondsNow()) {}

void Pace::await(Report& report) {
  if (rate_ == 0) return;
  const std::uint64_t due = start_ + made_ / rate_ * kSecond + made_ % rate_ * kSecond / rate_;
  made_++;
  while (nanosecondsNow() < due) countedSleep(TIMER_ABSTIME, due, report);
}

}  // namespace workload

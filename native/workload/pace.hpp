#pragma once

#include <cstdint>
#include <ctime>

#include "report.hpp"

namespace workload {

/** Spreads calls evenly over time; its sleeps are counted as `clock_nanosleep`. */
class Pace {
 public:
  /** `rate` a second; 0 for as fast as can be. */
  explicit Pace(std::uint64_t rate);

  /** Waits until the next call is due. */
  void await(Report& report);

 private:
  std::uint64_t rate_;
  std::uint64_t start_;
  std::uint64_t made_ = 0;
};

std::uint64_t nanosecondsNow();

/** Sleeps by one system call and counts it. */
void countedSleep(int flags, std::uint64_t nanoseconds, Report& report);

}  // namespace workload

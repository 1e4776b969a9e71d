// Work that takes processors or time rather than system calls.

#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

#include "kinds.hpp"
#include "pace.hpp"

namespace workload {

Work prepareBusy(const Options& options) {
  return [seconds = options.seconds](Report&) {
    const std::uint64_t end = nanosecondsNow() + static_cast<std::uint64_t>(seconds * 1e9);
    while (nanosecondsNow() < end) continue;
  };
}

Work prepareSleep(const Options& options) {
  return [options](Report& report) {
    for (std::uint64_t turn = 0; turn < options.count; turn++) {
      countedSleep(0, options.milliseconds * 1'000'000, report);
    }
  };
}

Work prepareThreads(const Options& options) {
  return [options](Report& report) {
    std::vector<Report> reports(options.threads);
    std::vector<std::thread> threads;
    for (Report& own : reports) {
      threads.emplace_back([&own, count = options.count, rate = options.rate] {
        Pace pace(rate);
        for (std::uint64_t turn = 0; turn < count; turn++) {
          pace.await(own);
          own.count("getppid", syscall(SYS_getppid));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Report& own : reports) report.add(own);
  };
}

}  // namespace workload

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kinds.hpp"
#include "pace.hpp"

namespace workload {
namespace {

void statThreeWays(const char* path, Pace& pace, Report& report) {
  struct stat status {};
  pace.await(report);
  report.count("newfstatat", syscall(SYS_newfstatat, AT_FDCWD, path, &status, 0));

  struct statx extended {};
  pace.await(report);
  report.count("statx", syscall(SYS_statx, AT_FDCWD, path, 0, STATX_BASIC_STATS, &extended));

#ifdef SYS_stat
  pace.await(report);
  report.count("stat", syscall(SYS_stat, path, &status));
#endif
}

}  // namespace

Work prepareStat(const Options& options) {
  return [options, missingPath = options.path + ".missing"](Report& report) {
    Pace pace(options.rate);
    for (std::uint64_t turn = 0; turn < options.missing; turn++) statThreeWays(missingPath.c_str(), pace, report);
    for (std::uint64_t turn = 0; turn < options.existing; turn++) statThreeWays(options.path.c_str(), pace, report);
  };
}

}  // namespace workload

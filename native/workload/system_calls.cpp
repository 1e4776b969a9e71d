// System calls by their numbers: the C library would answer some of them itself (gettimeofday) or make others of them.

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <map>

#include "kinds.hpp"
#include "pace.hpp"

namespace workload {
namespace {

using Call = std::function<void(Report&)>;

int openOrRefuse(const char* path, int flags) {
  const int descriptor = open(path, flags | O_CLOEXEC);
  if (descriptor < 0) refuse(std::string("cannot open ") + path);
  return descriptor;
}

std::map<std::string, Call> knownCalls() {
  const int zero = openOrRefuse("/dev/zero", O_RDONLY);
  const int null = openOrRefuse("/dev/null", O_WRONLY);
  return {
      {"getppid", [](Report& report) { report.count("getppid", syscall(SYS_getppid)); }},
      {"gettimeofday",
       [](Report& report) {
         timeval time{};
         report.count("gettimeofday", syscall(SYS_gettimeofday, &time, nullptr));
       }},
      {"read",
       [zero](Report& report) {
         char byte = 0;
         report.count("read", syscall(SYS_read, zero, &byte, sizeof byte));
       }},
      {"write",
       [null](Report& report) {
         const char byte = 0;
         report.count("write", syscall(SYS_write, null, &byte, sizeof byte));
       }},
      {"openat",
       [](Report& report) {
         const long descriptor = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC, 0);
         report.count("openat", descriptor);
         if (descriptor >= 0) report.count("close", syscall(SYS_close, descriptor));
       }},
      {"close", [](Report& report) { report.count("close", syscall(SYS_close, -1)); }},
      {"lseek", [null](Report& report) { report.count("lseek", syscall(SYS_lseek, null, 0, SEEK_SET)); }},
      {"sched_yield", [](Report& report) { report.count("sched_yield", syscall(SYS_sched_yield)); }},
  };
}

}  // namespace

Work prepareSystemCalls(const Options& options) {
  const std::map<std::string, Call> known = knownCalls();
  std::vector<Call> calls;
  for (const std::string& name : options.calls) {
    const auto call = known.find(name);
    if (call == known.end()) refuse("which system call is \"" + name + "\"?");
    calls.push_back(call->second);
  }
  return [calls, count = options.count, rate = options.rate](Report& report) {
    Pace pace(rate);
    for (std::uint64_t turn = 0; turn < count; turn++) {
      for (const Call& call : calls) {
        pace.await(report);
        call(report);
      }
    }
  };
}

}  // namespace workload

// Deterministic load for demonstrations and tests, which tells exactly what it did.
//
// Between "ready" and the report, the process makes the system calls that it reports, and besides them only these:
// readv for the line that starts it, writev for its lines, prctl and getpid for the report, memory management (brk,
// mmap, munmap, mprotect, madvise), and, for `threads`, what starting and joining threads takes (clone3, futex, rseq,
// set_robust_list, rt_sigaction, rt_sigprocmask, exit). Files are opened before "ready", and clocks are read through
// the vDSO. So a count of any other system call, taken by a tracer that attached before the starting line and filters
// on the pid, equals the report.

#include <sys/prctl.h>
#include <unistd.h>

#include <map>

#include "kinds.hpp"
#include "options.hpp"
#include "report.hpp"

int main(int count, char** arguments) {
  using namespace workload;
  const std::map<std::string, Work (*)(const Options&)> kinds = {
      {"syscalls", prepareSystemCalls}, {"stat", prepareStat},       {"read", prepareRead},   {"busy", prepareBusy},
      {"sleep", prepareSleep},          {"threads", prepareThreads}, {"chain", prepareChain},
  };

  const Options options = parseOptions(count, arguments);
  const auto kind = kinds.find(options.kind);
  if (kind == kinds.end()) refuse("what kind is \"" + options.kind + "\"?");
  if (!options.name.empty()) prctl(PR_SET_NAME, options.name.c_str());
  const Work work = kind->second(options);

  if (options.wait) {
    printLine(("ready " + std::to_string(getpid())).c_str());
    awaitLine();
  }
  Report report;
  work(report);
  report.print();
  if (options.hold) awaitLine();
  return 0;
}

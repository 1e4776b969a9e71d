// A chain of functions whose names and order a tracer of stacks must find.

#include <sys/syscall.h>

#include "kinds.hpp"
#include "pace.hpp"

namespace workload {
namespace {

/** Without the C library in between: its `syscall` keeps no frame pointer, and would hide the function that calls it.
 */
inline long parentProcess() {
#if defined(__x86_64__)
  long answer = 0;
  asm volatile("syscall" : "=a"(answer) : "a"(SYS_getppid) : "rcx", "r11", "memory");
  return answer;
#elif defined(__aarch64__)
  register long number asm("x8") = SYS_getppid;
  register long answer asm("x0");
  asm volatile("svc #0" : "=r"(answer) : "r"(number) : "memory");
  return answer;
#endif
}

/** Gives the function a frame, though it may call nothing, and keeps it from ending with a jump to the one it calls. */
#define STAYS_HERE() asm volatile("" : : "r"(__builtin_frame_address(0)) : "memory")

}  // namespace

extern "C" {

__attribute__((noinline)) long chain_inner() {
  const long answer = parentProcess();
  STAYS_HERE();
  return answer;
}

__attribute__((noinline)) long chain_middle() {
  const long answer = chain_inner();
  STAYS_HERE();
  return answer;
}

__attribute__((noinline)) long chain_outer() {
  const long answer = chain_middle();
  STAYS_HERE();
  return answer;
}

__attribute__((noinline)) long chain_shortcut() {
  const long answer = chain_inner();
  STAYS_HERE();
  return answer;
}
}

Work prepareChain(const Options& options) {
  return [count = options.count, rate = options.rate](Report& report) {
    Pace pace(rate);
    for (std::uint64_t turn = 0; turn < count; turn++) {
      pace.await(report);
      report.count("getppid", chain_outer());
      if (turn % 2 == 1) report.count("getppid", chain_shortcut());
    }
  };
}

}  // namespace workload

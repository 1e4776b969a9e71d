#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>

#include "kinds.hpp"
#include "pace.hpp"

namespace workload {

Work prepareRead(const Options& options) {
  const int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
  if (zero < 0) refuse("cannot open /dev/zero");
  // std::function copies what it holds, and a vector would then be copied while the work begins.
  const auto buffer = std::make_shared<std::vector<char>>(options.size);
  return [options, zero, buffer](Report& report) {
    Pace pace(options.rate);
    for (std::uint64_t turn = 0; turn < options.count; turn++) {
      pace.await(report);
      report.count("read", syscall(SYS_read, zero, buffer->data(), buffer->size()));
    }
  };
}

}  // namespace workload

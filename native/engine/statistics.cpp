#include "statistics.hpp"

#include <bpf/bpf.h>

#include <cerrno>

#include "error.hpp"

namespace tapbook {

Link enableStatistics() {
  FileDescriptor statistics(bpf_enable_stats(BPF_STATS_RUN_TIME));
  if (!statistics.isOpen()) throw Error(errno, "enable run-time statistics");
  return Link(std::move(statistics));
}

}  // namespace tapbook

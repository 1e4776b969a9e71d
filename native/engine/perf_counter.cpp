#include "perf_counter.hpp"

#include <unistd.h>

#include <cerrno>

#include "attach/perf_event.hpp"
#include "error.hpp"

namespace tapbook {

PerfCounter::PerfCounter(const PerfCounterOptions& options)
    : name_("perf counter " + std::to_string(options.type) + ":" + std::to_string(options.config)) {
  perf_event_attr attributes{};
  attributes.type = options.type;
  attributes.config = options.config;
  attributes.pinned = 1;
  event_ = openEvent(attributes, {options.pid, options.cpu}, "open " + name_);
}

std::uint64_t PerfCounter::read() const {
  std::uint64_t count = 0;
  const ssize_t length = ::read(descriptor(), &count, sizeof count);
  if (length < 0) throw Error(errno, "read " + name_);
  // A pinned event that got no counter is at its end.
  if (length == 0) throw Error(EBUSY, "read " + name_);
  return count;
}

}  // namespace tapbook

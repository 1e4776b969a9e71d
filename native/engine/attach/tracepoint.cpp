#include "tracepoint.hpp"

#include "../error.hpp"
#include "perf_event.hpp"
#include "trace_file_system.hpp"

namespace tapbook {

Link attachTracepoint(const Program& program, const std::string& group, const std::string& name, std::uint64_t cookie) {
  const std::string operation =
      "attach program " + quoted(program.name()) + " to tracepoint " + quoted(group + ":" + name);
  return attachToTracepoint(program, tracepointNumber(group, name, operation), cookie, operation);
}

Link attachToTracepoint(const Program& program, std::uint64_t number, std::uint64_t cookie,
                        const std::string& operation) {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_TRACEPOINT;
  attributes.config = number;
  attributes.sample_period = 1;
  // The program hangs on the tracepoint, not on the event: with one CPU named, it still runs on all of them.
  return attachToEvent(program, attributes, {-1, 0}, cookie, operation);
}

}  // namespace tapbook

#include "breakpoint.hpp"

#include <linux/hw_breakpoint.h>

#include <sstream>

#include "../error.hpp"
#include "perf_event.hpp"

namespace tapbook {
namespace {

std::uint32_t kernelAccess(BreakpointAccess access) {
  switch (access) {
    case BreakpointAccess::Write:
      return HW_BREAKPOINT_W;
    case BreakpointAccess::ReadWrite:
      return HW_BREAKPOINT_RW;
    case BreakpointAccess::Execute:
      return HW_BREAKPOINT_X;
  }
  return HW_BREAKPOINT_EMPTY;
}

}  // namespace

Link attachBreakpoint(const Program& program, const BreakpointOptions& options) {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_BREAKPOINT;
  attributes.bp_type = kernelAccess(options.access);
  attributes.bp_addr = options.address;
  attributes.bp_len = options.length;
  attributes.sample_period = 1;
  attributes.inherit = options.inherited ? 1 : 0;
  std::ostringstream operation;
  operation << "attach program " << quoted(program.name()) << " to a breakpoint at 0x" << std::hex << options.address;
  return attachToEvent(program, attributes, {options.pid, options.cpu}, 0, operation.str());
}

}  // namespace tapbook

#include "uprobe.hpp"

#include <cerrno>
#include <sstream>

#include "../error.hpp"
#include "event_source.hpp"
#include "perf_event.hpp"

namespace tapbook {
namespace {

/** The place of the reference counter's offset in `config`, as the source's `format/ref_ctr_offset` has it. */
constexpr unsigned kReferenceCounterShift = 32;

std::string describe(const UprobeOptions& options) {
  std::ostringstream text;
  text << (options.isReturn ? "the return of " : "") << quoted(options.path) << " + 0x" << std::hex << options.offset;
  return text.str();
}

}  // namespace

Link attachUprobe(const Program& program, const UprobeOptions& options) {
  const std::string operation = "attach program " + quoted(program.name()) + " to " + describe(options);
  const std::optional<std::uint32_t> type = eventSourceType("uprobe");
  if (!type) throw Error(EOPNOTSUPP, operation + " (the kernel has no uprobes)");

  perf_event_attr attributes{};
  attributes.type = *type;
  if (options.isReturn) attributes.config = returnBit("uprobe");
  attributes.config |= options.referenceCounterOffset << kReferenceCounterShift;
  attributes.uprobe_path = reinterpret_cast<std::uint64_t>(options.path.c_str());
  attributes.probe_offset = options.offset;
  const EventScope scope = options.pid < 0 ? EventScope{-1, 0} : EventScope{options.pid, -1};
  return attachToEvent(program, attributes, scope, options.cookie, operation);
}

}  // namespace tapbook

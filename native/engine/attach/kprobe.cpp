#include "kprobe.hpp"

#include <cerrno>
#include <cstdlib>
#include <sstream>

#include "../error.hpp"
#include "event_source.hpp"
#include "kprobe_definition.hpp"
#include "perf_event.hpp"
#include "tracepoint.hpp"

namespace tapbook {
namespace {

std::string describe(const KprobeOptions& options) {
  std::ostringstream text;
  text << (options.isReturn ? "the return of " : "") << "kernel function " << quoted(options.function);
  if (options.offset != 0) text << " + 0x" << std::hex << options.offset;
  return text.str();
}

/** An event source takes no `maxActive`; events that are defined through tracefs do. */
Link attachDefinedKprobe(const Program& program, const KprobeOptions& options, const std::string& operation) {
  std::ostringstream place;
  place << options.function;
  if (options.offset != 0) place << "+" << options.offset;
  const auto definition =
      std::make_shared<KprobeDefinition>(place.str(), options.isReturn, options.maxActive, operation);
  Link link = attachToTracepoint(program, definition->number(), options.cookie, operation);
  link.keep(definition);
  return link;
}

}  // namespace

Link attachKprobe(const Program& program, const KprobeOptions& options) {
  const std::string operation = "attach program " + quoted(program.name()) + " to " + describe(options);
  const std::optional<std::uint32_t> type = eventSourceType("kprobe");
  if (!type) throw Error(EOPNOTSUPP, operation + " (the kernel has no kprobes)");

  if (options.maxActive != 0) return attachDefinedKprobe(program, options, operation);
  perf_event_attr attributes{};
  attributes.type = *type;
  if (options.isReturn) attributes.config = returnBit("kprobe");
  if (options.function.rfind("0x", 0) == 0) {
    attributes.kprobe_addr = std::strtoull(options.function.c_str(), nullptr, 16) + options.offset;
  } else {
    attributes.kprobe_func = reinterpret_cast<std::uint64_t>(options.function.c_str());
    attributes.probe_offset = options.offset;
  }
  // The program hangs on the instruction, not on the event: with one CPU named, it still runs on all of them.
  return attachToEvent(program, attributes, {-1, 0}, options.cookie, operation);
}

}  // namespace tapbook

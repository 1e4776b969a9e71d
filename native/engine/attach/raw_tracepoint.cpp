#include "raw_tracepoint.hpp"

#include <cerrno>

#include "../error.hpp"
#include "link_create.hpp"

namespace tapbook {

Link attachRawTracepoint(const Program& program, const std::string& tracepoint, std::uint64_t cookie) {
  FileDescriptor link = openRawTracepoint(program, tracepoint.c_str(), cookie);
  if (!link.isOpen()) {
    throw Error(errno, "attach program " + quoted(program.name()) + " to raw tracepoint " + quoted(tracepoint));
  }
  return Link(std::move(link));
}

}  // namespace tapbook

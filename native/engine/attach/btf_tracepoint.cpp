#include "btf_tracepoint.hpp"

#include <cerrno>

#include "../error.hpp"
#include "link_create.hpp"

namespace tapbook {

Link attachBtfTracepoint(const Program& program, std::uint64_t cookie) {
  FileDescriptor link = openRawTracepoint(program, nullptr, cookie);
  if (!link.isOpen()) throw Error(errno, "attach program " + quoted(program.name()) + " to its tracepoint");
  return Link(std::move(link));
}

}  // namespace tapbook

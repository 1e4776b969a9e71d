#include "raw_tracepoint.hpp"

#include <bpf/bpf.h>

#include <cerrno>

#include "../error.hpp"

namespace tapbook {

Link attachRawTracepoint(const Program& program, const std::string& tracepoint) {
  FileDescriptor link(bpf_raw_tracepoint_open(tracepoint.c_str(), program.descriptor()));
  if (!link.isOpen()) {
    throw Error(errno, "attach program " + quoted(program.name()) + " to raw tracepoint " + quoted(tracepoint));
  }
  return Link(std::move(link));
}

}  // namespace tapbook

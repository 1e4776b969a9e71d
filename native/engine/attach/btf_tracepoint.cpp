#include "btf_tracepoint.hpp"

#include <bpf/bpf.h>

#include <cerrno>

#include "../error.hpp"

namespace tapbook {

Link attachBtfTracepoint(const Program& program) {
  FileDescriptor link(bpf_raw_tracepoint_open(nullptr, program.descriptor()));
  if (!link.isOpen()) throw Error(errno, "attach program " + quoted(program.name()) + " to its tracepoint");
  return Link(std::move(link));
}

}  // namespace tapbook

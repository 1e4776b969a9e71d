#include "trampoline.hpp"

#include <cerrno>

#include "../error.hpp"
#include "link_create.hpp"

namespace tapbook {
namespace {

std::uint32_t attachType(Trampoline trampoline) {
  switch (trampoline) {
    case Trampoline::FunctionEntry:
      return BPF_TRACE_FENTRY;
    case Trampoline::FunctionExit:
      return BPF_TRACE_FEXIT;
    case Trampoline::Lsm:
      return BPF_LSM_MAC;
  }
  return BPF_TRACE_FENTRY;
}

FileDescriptor open(const Program& program, Trampoline trampoline, std::uint64_t cookie) {
  // Only this call is older than cookies are.
  if (cookie == 0) return openRawTracepoint(program, nullptr, 0);
  LinkCreation creation(program, 0, attachType(trampoline));
  creation.tracing.cookie = cookie;
  return createLink(creation);
}

}  // namespace

Link attachTrampoline(const Program& program, Trampoline trampoline, std::uint64_t cookie) {
  FileDescriptor link = open(program, trampoline, cookie);
  if (!link.isOpen()) {
    throw Error(errno,
                "attach program " + quoted(program.name()) + " to kernel function " + quoted(program.attachTo()));
  }
  return Link(std::move(link));
}

}  // namespace tapbook

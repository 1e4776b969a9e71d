#include "link_create.hpp"

#include <sys/syscall.h>
#include <unistd.h>

namespace tapbook {
namespace {

/** What BPF_RAW_TRACEPOINT_OPEN is told; the cookie came with 6.10. */
struct RawTracepointOpening {
  std::uint64_t name;
  std::uint32_t program;
  std::uint32_t padding;
  std::uint64_t cookie;
};

}  // namespace

LinkCreation::LinkCreation(const Program& program, int target, std::uint32_t attachType)
    : program(static_cast<std::uint32_t>(program.descriptor())),
      target(static_cast<std::uint32_t>(target)),
      attachType(attachType),
      everything{} {}

FileDescriptor createLink(const LinkCreation& creation) {
  return FileDescriptor(static_cast<int>(syscall(SYS_bpf, BPF_LINK_CREATE, &creation, sizeof creation)));
}

FileDescriptor openRawTracepoint(const Program& program, const char* tracepoint, std::uint64_t cookie) {
  const RawTracepointOpening opening{reinterpret_cast<std::uint64_t>(tracepoint),
                                     static_cast<std::uint32_t>(program.descriptor()), 0, cookie};
  return FileDescriptor(static_cast<int>(syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &opening, sizeof opening)));
}

}  // namespace tapbook

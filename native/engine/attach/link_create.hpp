#pragma once

#include <linux/bpf.h>

#include <cstdint>

#include "../file_descriptor.hpp"
#include "../kernel_interface.hpp"
#include "../program.hpp"

namespace tapbook {

/**
 * What BPF_LINK_CREATE is told, as the newest kernel lays it out: libbpf and the kernel's headers of the machine that
 * builds may be older than the kernel that runs. A kernel refuses (E2BIG) what it does not know and is not zero.
 */
struct LinkCreation {
  /** `target`: a perf event, or 0 where the program itself knows. */
  LinkCreation(const Program& program, int target, std::uint32_t attachType);

  std::uint32_t program;
  std::uint32_t target;
  std::uint32_t attachType;
  std::uint32_t flags = 0;
  union {
    struct {
      std::uint64_t cookie;
    } perfEvent;
    struct {
      std::uint32_t targetType;
      std::uint64_t cookie;
    } tracing;
    struct {
      std::uint32_t flags;
      std::uint32_t count;
      std::uint64_t symbols;
      std::uint64_t addresses;
      std::uint64_t cookies;
    } kprobeMulti;
    struct {
      std::uint64_t path;
      std::uint64_t offsets;
      std::uint64_t referenceCounterOffsets;
      std::uint64_t cookies;
      std::uint32_t count;
      std::uint32_t flags;
      std::uint32_t pid;
    } uprobeMulti;
    struct {
      std::uint32_t protocolFamily;
      std::uint32_t hook;
      std::int32_t priority;
      std::uint32_t flags;
    } netfilter;
    std::uint8_t everything[48];
  };
};

/** Not open, with `errno`, where the kernel refuses. */
FileDescriptor createLink(const LinkCreation& creation);

/** Raw tracepoints have a call of their own; `tracepoint` is null where the program was loaded for one. */
FileDescriptor openRawTracepoint(const Program& program, const char* tracepoint, std::uint64_t cookie);

}  // namespace tapbook

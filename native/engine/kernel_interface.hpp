#pragma once

#include <cstdint>

namespace tapbook {

// Numbers of bpf(2) that the kernel's headers of some distributions are too old for.

/** BPF_PROG_TYPE_NETFILTER, from Linux 6.4. */
constexpr std::uint32_t kNetfilterProgram = 32;
/** BPF_NETFILTER */
constexpr std::uint32_t kAttachNetfilter = 45;
/** BPF_TRACE_UPROBE_MULTI, from Linux 6.6. */
constexpr std::uint32_t kAttachUprobeMulti = 48;
/** BPF_F_UPROBE_MULTI_RETURN */
constexpr std::uint32_t kUprobeMultiReturn = 1;

}  // namespace tapbook

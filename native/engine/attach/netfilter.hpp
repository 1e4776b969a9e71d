#pragma once

#include <cstdint>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

struct NetfilterOptions {
  /** NFPROTO_IPV4 (2) or NFPROTO_IPV6 (10). */
  std::uint32_t protocolFamily = 0;
  /** NF_INET_PRE_ROUTING (0) to NF_INET_POST_ROUTING (4). */
  std::uint32_t hook = 0;
  std::int32_t priority = 0;
};

/** Attaches to a netfilter hook of the network namespace that the calling thread is in. */
Link attachNetfilter(const Program& program, const NetfilterOptions& options);

}  // namespace tapbook

#pragma once

#include <cstdint>
#include <string>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

/** The cookie needs Linux 6.10. */
Link attachRawTracepoint(const Program& program, const std::string& tracepoint, std::uint64_t cookie = 0);

}  // namespace tapbook

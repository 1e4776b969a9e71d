#pragma once

#include <cstdint>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

/** Attaches to the tracepoint that the program was loaded for; the cookie needs Linux 6.10. */
Link attachBtfTracepoint(const Program& program, std::uint64_t cookie = 0);

}  // namespace tapbook

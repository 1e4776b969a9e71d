#pragma once

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

/** Attaches to the tracepoint that the program was loaded for. */
Link attachBtfTracepoint(const Program& program);

}  // namespace tapbook

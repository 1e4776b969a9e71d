#pragma once

#include <string>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

Link attachRawTracepoint(const Program& program, const std::string& tracepoint);

}  // namespace tapbook

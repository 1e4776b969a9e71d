#pragma once

#include <cstdint>
#include <string>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

/** Attaches to a classic tracepoint, such as `syscalls` and `sys_enter_read`. */
Link attachTracepoint(const Program& program, const std::string& group, const std::string& name,
                      std::uint64_t cookie = 0);

/** By its number; `operation` is for the error. */
Link attachToTracepoint(const Program& program, std::uint64_t number, std::uint64_t cookie,
                        const std::string& operation);

}  // namespace tapbook

#pragma once

#include <cstdint>
#include <string>

namespace tapbook {

/** The number of a classic tracepoint, from tracefs; throws an Error with `operation` where there is none. */
std::uint64_t tracepointNumber(const std::string& group, const std::string& name, const std::string& operation);

}  // namespace tapbook

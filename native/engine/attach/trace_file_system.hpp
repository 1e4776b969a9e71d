#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tapbook {

/** The number of a classic tracepoint, from tracefs; throws an Error with `operation` where there is none. */
std::uint64_t tracepointNumber(const std::string& group, const std::string& name, const std::string& operation);

struct ClassicTracepoint {
  std::string group;
  std::string name;
};

/** All classic tracepoints that the kernel has now, by group and name. */
std::vector<ClassicTracepoint> classicTracepoints();

}  // namespace tapbook

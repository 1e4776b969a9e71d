#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../file_descriptor.hpp"

namespace tapbook {

/** Opens a file of tracefs; throws an Error with `operation` where that cannot be. */
FileDescriptor openTraceFile(const std::string& path, int flags, const std::string& operation);

/** The number of a classic tracepoint, from tracefs; throws an Error with `operation` where there is none. */
std::uint64_t tracepointNumber(const std::string& group, const std::string& name, const std::string& operation);

struct ClassicTracepoint {
  std::string group;
  std::string name;
};

/** All classic tracepoints that the kernel has now, by group and name. */
std::vector<ClassicTracepoint> classicTracepoints();

}  // namespace tapbook

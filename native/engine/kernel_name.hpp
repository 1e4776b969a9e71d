#pragma once

#include <string>

namespace tapbook {

/** What the kernel accepts as the name of an object: at most 15 letters, digits, underscores and dots. */
std::string kernelName(const std::string& name);

}  // namespace tapbook

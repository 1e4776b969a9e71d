#pragma once

#include <string>
#include <vector>

namespace tapbook {

/** Effective capabilities of the calling thread by name, such as `CAP_BPF`. */
std::vector<std::string> effectiveCapabilities();

}  // namespace tapbook

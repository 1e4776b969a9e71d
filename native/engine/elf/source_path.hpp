#pragma once

#include <string>

namespace tapbook {

/** Whether a source's whole path is what somebody calls by its last parts: `/build/lib/a.c` is `a.c` and `lib/a.c`. */
inline bool isSourcePath(const std::string& whole, const std::string& called) {
  if (whole.size() <= called.size()) return whole == called;
  const std::size_t rest = whole.size() - called.size();
  return !called.empty() && whole.compare(rest, called.size(), called) == 0 &&
         (whole[rest - 1] == '/' || called[0] == '/');
}

}  // namespace tapbook

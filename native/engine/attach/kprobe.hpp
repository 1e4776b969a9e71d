#pragma once

#include <cstdint>
#include <string>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

struct KprobeOptions {
  /** A name, `module:name`, or an address written with `0x`. */
  std::string function;
  /** Bytes into the function. */
  std::uint64_t offset = 0;
  bool isReturn = false;
  std::uint64_t cookie = 0;
  /** How many calls of the function may be waited for at a time, at its return; 0 for what the kernel thinks enough. */
  std::uint32_t maxActive = 0;
};

/** Attaches to an instruction of the kernel, or to the return of one of its functions. */
Link attachKprobe(const Program& program, const KprobeOptions& options);

}  // namespace tapbook

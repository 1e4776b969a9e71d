#pragma once

#include <cstdint>

#include "../link.hpp"
#include "../program.hpp"

namespace tapbook {

enum class Trampoline { FunctionEntry, FunctionExit, Lsm };

/** Attaches to the function that the program was loaded for. */
Link attachTrampoline(const Program& program, Trampoline trampoline, std::uint64_t cookie = 0);

}  // namespace tapbook

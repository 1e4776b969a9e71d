#pragma once

#include <cstdint>
#include <vector>

#include "elf_file.hpp"

namespace tapbook {

/**
 * Among which functions an indirect one (STT_GNU_IFUNC) chooses when the program starts: the beginnings of functions
 * whose addresses its code forms. Empty where that cannot be told. `size` is the indirect function's own.
 */
std::vector<std::uint64_t> indirectTargets(const ElfFile& file, std::uint64_t address, std::uint64_t size);

}  // namespace tapbook

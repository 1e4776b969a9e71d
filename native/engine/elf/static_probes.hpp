#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "elf_file.hpp"

namespace tapbook {

/** A statically defined probe (USDT) of a program: an entry of `.note.stapsdt`. */
struct StaticProbe {
  std::string provider;
  std::string name;
  std::uint64_t address = 0;
  std::uint64_t offset = 0;
  /** Of the counter that the program looks at before it works out arguments; both 0 where it has none. */
  std::uint64_t semaphoreAddress = 0;
  std::uint64_t semaphoreOffset = 0;
  /** Where the arguments are, in the assembler's words. */
  std::string arguments;
};

std::vector<StaticProbe> staticProbes(const ElfFile& file);

}  // namespace tapbook

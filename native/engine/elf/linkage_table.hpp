#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "elf_file.hpp"

namespace tapbook {

/** One entry of the procedure linkage table: where a program goes to call a function of a library. */
struct LinkageEntry {
  std::string name;
  std::uint64_t address = 0;
  std::uint64_t offset = 0;
};

std::vector<LinkageEntry> linkageEntries(const ElfFile& file);

}  // namespace tapbook

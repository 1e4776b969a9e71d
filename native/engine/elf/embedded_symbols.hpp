#pragma once

#include <optional>

#include "elf_file.hpp"

namespace tapbook {

/**
 * The small symbol table that some distributions (Fedora and its like) leave in stripped programs: an ELF file of its
 * own, compressed, in the section `.gnu_debugdata`. Nothing where there is none, or where liblzma is missing.
 */
std::optional<ElfFile> embeddedSymbolsOf(const ElfFile& file);

}  // namespace tapbook

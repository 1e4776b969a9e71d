#pragma once

#include <optional>
#include <string>

#include "elf_file.hpp"

namespace tapbook {

/**
 * The file that holds what was stripped from this one: by its build id, else by the name in `.gnu_debuglink`, in the
 * places that debuggers search. Nothing where there is none; one that belongs to another build is none.
 */
std::optional<ElfFile> debugFileOf(const ElfFile& file);

}  // namespace tapbook

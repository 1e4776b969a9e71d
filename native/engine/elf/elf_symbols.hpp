#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "elf_file.hpp"

namespace tapbook {

enum class SymbolBinding { Local, Global, Weak };

struct ElfSymbol {
  /** Lives with the table. */
  const char* name = "";
  std::uint64_t address = 0;
  /** 0 where the file says none. */
  std::uint64_t size = 0;
  /** Of what belongs to the symbol: by its size, else up to the next symbol or the end of its section. */
  std::uint64_t end = 0;
  SymbolBinding binding = SymbolBinding::Local;
  bool isFunction = false;
  /** It only chooses the function that its name then stands for (STT_GNU_IFUNC). */
  bool isIndirect = false;
  /** Other programs and libraries may use it. */
  bool isExported = false;
};

/** The functions and variables that a file defines, from `.symtab`, `.dynsym` and its debug file. */
class ElfSymbols {
 public:
  explicit ElfSymbols(const ElfFile& file);
  ElfSymbols(const ElfSymbols&) = delete;

  /** By address; of several names at one address, the one to show comes last. */
  const std::vector<ElfSymbol>& all() const { return symbols_; }
  /** Functions whose name matches the pattern of a shell, by address. */
  std::vector<const ElfSymbol*> functions(const std::string& pattern) const;
  /** A function or variable by its name; null where there is none. */
  const ElfSymbol* named(const std::string& name) const;
  /** The symbol that an address lies in; null where it lies in none. */
  const ElfSymbol* at(std::uint64_t address) const;

 private:
  void add(const ElfFile& file, const ElfSection& table);
  void order();

  std::vector<std::vector<char>> names_;
  /** Exported symbols: most files list them a second time. */
  std::set<std::pair<std::uint64_t, std::string_view>> exported_;
  std::vector<ElfSymbol> symbols_;
  /** For each symbol, the furthest end of those up to it: where a search backwards may stop. */
  std::vector<std::uint64_t> furthest_;
};

}  // namespace tapbook

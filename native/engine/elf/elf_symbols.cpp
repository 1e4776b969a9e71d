#include "elf_symbols.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "debug_file.hpp"
#include "embedded_symbols.hpp"

namespace tapbook {
namespace {

/** How much a name says about its address, of several names. */
int rankOf(const ElfSymbol& symbol) {
  // What other programs see is what manuals know it by; names with an underscore are its inner ones.
  const int binding = symbol.binding == SymbolBinding::Global ? 2 : symbol.binding == SymbolBinding::Weak ? 1 : 0;
  return (symbol.isFunction ? 32 : 0) + (symbol.size != 0 ? 16 : 0) + (symbol.isExported ? 8 : 0) +
         (symbol.name[0] != '_' ? 4 : 0) + binding;
}

bool comesBefore(const ElfSymbol& one, const ElfSymbol& other) {
  if (one.address != other.address) return one.address < other.address;
  const int oneRank = rankOf(one);
  const int otherRank = rankOf(other);
  if (oneRank != otherRank) return oneRank < otherRank;
  return std::strcmp(one.name, other.name) > 0;
}

SymbolBinding bindingOf(const Elf64_Sym& entry) {
  switch (ELF64_ST_BIND(entry.st_info)) {
    case STB_LOCAL:
      return SymbolBinding::Local;
    case STB_WEAK:
      return SymbolBinding::Weak;
    default:
      return SymbolBinding::Global;
  }
}

}  // namespace

ElfSymbols::ElfSymbols(const ElfFile& file) {
  if (const ElfSection* dynamic = file.sectionOfType(SHT_DYNSYM)) add(file, *dynamic);
  if (const ElfSection* full = file.sectionOfType(SHT_SYMTAB)) {
    add(file, *full);
  } else {
    std::optional<ElfFile> debug = debugFileOf(file);
    if (debug) {
      if (const ElfSection* stripped = debug->sectionOfType(SHT_SYMTAB)) add(*debug, *stripped);
    } else if (const std::optional<ElfFile> small = embeddedSymbolsOf(file)) {
      if (const ElfSection* stripped = small->sectionOfType(SHT_SYMTAB)) add(*small, *stripped);
    }
  }
  order();
}

void ElfSymbols::add(const ElfFile& file, const ElfSection& table) {
  if (table.header.sh_link >= file.sections().size()) return;
  std::vector<char> names = file.strings(file.sections()[table.header.sh_link]);
  // In a program, not a library, names of imported symbols carry their version; nobody asks for it.
  for (char& letter : names) {
    if (letter == '@') letter = '\0';
  }
  const std::vector<std::uint8_t> bytes = file.contents(table);
  const std::size_t count = bytes.size() / sizeof(Elf64_Sym);
  symbols_.reserve(symbols_.size() + count);
  for (std::size_t number = 0; number < count; number++) {
    Elf64_Sym entry;
    std::memcpy(&entry, bytes.data() + number * sizeof entry, sizeof entry);
    if (entry.st_shndx == SHN_UNDEF || entry.st_shndx >= file.sections().size()) continue;
    if (entry.st_name == 0 || entry.st_name >= names.size() || names[entry.st_name] == '\0') continue;
    const ElfSection& section = file.sections()[entry.st_shndx];
    const auto type = ELF64_ST_TYPE(entry.st_info);
    const bool isFunction = type == STT_FUNC || type == STT_GNU_IFUNC;
    // A bare label in code is a function of handwritten assembly; arm64's $x and $d only say what bytes follow.
    const bool isLabel = type == STT_NOTYPE && section.isExecutable() && names[entry.st_name] != '$';
    if (!isFunction && !isLabel && type != STT_OBJECT) continue;
    ElfSymbol symbol;
    symbol.name = names.data() + entry.st_name;
    symbol.address = entry.st_value;
    symbol.size = entry.st_size;
    symbol.end = entry.st_size != 0 ? entry.st_value + entry.st_size : section.header.sh_addr + section.header.sh_size;
    symbol.binding = bindingOf(entry);
    symbol.isFunction = isFunction;
    symbol.isIndirect = type == STT_GNU_IFUNC;
    symbol.isExported = table.header.sh_type == SHT_DYNSYM;
    const std::pair<std::uint64_t, std::string_view> place(symbol.address, symbol.name);
    if (symbol.isExported ? !exported_.insert(place).second : exported_.count(place) != 0) continue;
    symbols_.push_back(symbol);
  }
  names_.push_back(std::move(names));
}

void ElfSymbols::order() {
  std::sort(symbols_.begin(), symbols_.end(), comesBefore);
  const auto isSame = [](const ElfSymbol& one, const ElfSymbol& other) {
    return one.address == other.address && one.isFunction == other.isFunction && std::strcmp(one.name, other.name) == 0;
  };
  symbols_.erase(std::unique(symbols_.begin(), symbols_.end(), isSame), symbols_.end());

  std::uint64_t next = UINT64_MAX;
  for (std::size_t number = symbols_.size(); number-- > 0;) {
    ElfSymbol& symbol = symbols_[number];
    if (number + 1 < symbols_.size() && symbols_[number + 1].address != symbol.address) {
      next = symbols_[number + 1].address;
    }
    if (symbol.size == 0) symbol.end = std::min(symbol.end, next);
  }
  furthest_.reserve(symbols_.size());
  std::uint64_t furthest = 0;
  for (const ElfSymbol& symbol : symbols_) {
    furthest = std::max(furthest, symbol.end);
    furthest_.push_back(furthest);
  }
}

std::vector<const ElfSymbol*> ElfSymbols::functions(const std::string& pattern) const {
  const bool isPlain = pattern.find_first_of("*?[\\") == std::string::npos;
  std::vector<const ElfSymbol*> found;
  for (const ElfSymbol& symbol : symbols_) {
    if (!symbol.isFunction) continue;
    if (isPlain ? pattern == symbol.name : fnmatch(pattern.c_str(), symbol.name, 0) == 0) found.push_back(&symbol);
  }
  return found;
}

const ElfSymbol* ElfSymbols::named(const std::string& name) const {
  const ElfSymbol* found = nullptr;
  for (const ElfSymbol& symbol : symbols_) {
    // A static one may share its name with others; the one that everybody sees is meant.
    if (name == symbol.name && (found == nullptr || found->binding == SymbolBinding::Local)) found = &symbol;
  }
  return found;
}

const ElfSymbol* ElfSymbols::at(std::uint64_t address) const {
  const auto after =
      std::upper_bound(symbols_.begin(), symbols_.end(), address,
                       [](std::uint64_t wanted, const ElfSymbol& symbol) { return wanted < symbol.address; });
  for (std::size_t number = static_cast<std::size_t>(after - symbols_.begin()); number-- > 0;) {
    if (furthest_[number] <= address) return nullptr;
    if (symbols_[number].end > address) return &symbols_[number];
  }
  return nullptr;
}

}  // namespace tapbook

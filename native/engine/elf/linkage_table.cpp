#include "linkage_table.hpp"

#include <cstring>
#include <map>
#include <optional>

namespace tapbook {
namespace {

template <typename Value>
Value valueAt(const std::vector<std::uint8_t>& bytes, std::size_t position) {
  Value value;
  std::memcpy(&value, bytes.data() + position, sizeof value);
  return value;
}

/** Which slot of the global offset table is whose: from the relocations that fill the slots. */
std::map<std::uint64_t, std::string> slotNames(const ElfFile& file) {
  const bool isArm = file.machine() == EM_AARCH64;
  const std::uint32_t jumpSlot = isArm ? R_AARCH64_JUMP_SLOT : R_X86_64_JUMP_SLOT;
  const std::uint32_t globalData = isArm ? R_AARCH64_GLOB_DAT : R_X86_64_GLOB_DAT;
  std::map<std::uint64_t, std::string> slots;
  for (const ElfSection& section : file.sections()) {
    if (section.header.sh_type != SHT_RELA || section.header.sh_link >= file.sections().size()) continue;
    const ElfSection& table = file.sections()[section.header.sh_link];
    if (table.header.sh_type != SHT_DYNSYM || table.header.sh_link >= file.sections().size()) continue;
    const std::vector<std::uint8_t> symbols = file.contents(table);
    const std::vector<char> names = file.strings(file.sections()[table.header.sh_link]);
    const std::vector<std::uint8_t> relocations = file.contents(section);
    for (std::size_t at = 0; at + sizeof(Elf64_Rela) <= relocations.size(); at += sizeof(Elf64_Rela)) {
      const auto relocation = valueAt<Elf64_Rela>(relocations, at);
      const std::uint32_t type = ELF64_R_TYPE(relocation.r_info);
      if (type != jumpSlot && type != globalData) continue;
      const std::size_t symbolAt = ELF64_R_SYM(relocation.r_info) * sizeof(Elf64_Sym);
      if (symbolAt + sizeof(Elf64_Sym) > symbols.size()) continue;
      const std::uint32_t name = valueAt<Elf64_Sym>(symbols, symbolAt).st_name;
      if (name != 0 && name < names.size()) slots[relocation.r_offset] = names.data() + name;
    }
  }
  return slots;
}

/** The slot that an entry jumps through: `[endbr64] [bnd] jmp *slot(%rip)`. */
std::optional<std::uint64_t> slotOnX86(const std::vector<std::uint8_t>& code, std::size_t at, std::uint64_t address) {
  static const std::uint8_t kEndBranch[] = {0xf3, 0x0f, 0x1e, 0xfa};
  std::size_t position = at;
  if (position + 4 <= code.size() && std::memcmp(code.data() + position, kEndBranch, 4) == 0) position += 4;
  if (position < code.size() && code[position] == 0xf2) position += 1;
  if (position + 6 > code.size() || code[position] != 0xff || code[position + 1] != 0x25) return std::nullopt;
  const auto displacement = valueAt<std::int32_t>(code, position + 2);
  return address + (position - at) + 6 + static_cast<std::uint64_t>(static_cast<std::int64_t>(displacement));
}

/** `[bti c] adrp x16, page; ldr x17, [x16, #offset]`. */
std::optional<std::uint64_t> slotOnArm(const std::vector<std::uint8_t>& code, std::size_t at, std::uint64_t address) {
  constexpr std::uint32_t kBranchTarget = 0xd503245f;
  std::size_t position = at;
  if (position + 4 <= code.size() && valueAt<std::uint32_t>(code, position) == kBranchTarget) position += 4;
  if (position + 8 > code.size()) return std::nullopt;
  const auto page = valueAt<std::uint32_t>(code, position);
  const auto load = valueAt<std::uint32_t>(code, position + 4);
  if ((page & 0x9f00001f) != 0x90000010 || (load & 0xffc003ff) != 0xf9400211) return std::nullopt;
  const std::uint64_t immediate = ((page >> 29) & 3) | (((page >> 5) & 0x7ffff) << 2);
  const std::int64_t pages = static_cast<std::int64_t>(immediate << 43) >> 43;
  const std::uint64_t base = (address + (position - at)) & ~std::uint64_t{0xfff};
  return base + static_cast<std::uint64_t>(pages) * 4096 + ((load >> 10) & 0xfff) * 8;
}

}  // namespace

std::vector<LinkageEntry> linkageEntries(const ElfFile& file) {
  const std::map<std::uint64_t, std::string> slots = slotNames(file);
  const bool isArm = file.machine() == EM_AARCH64;
  std::vector<LinkageEntry> entries;
  for (const char* name : {".plt", ".plt.sec", ".plt.got"}) {
    const ElfSection* section = file.section(name);
    if (section == nullptr) continue;
    const std::vector<std::uint8_t> code = file.contents(*section);
    // Instructions of arm64 are four bytes wherever they lie; x86-64's entries are as wide as the section says.
    const std::size_t step = isArm ? 4 : section->header.sh_entsize == 8 ? 8 : 16;
    for (std::size_t at = 0; at < code.size(); at += step) {
      const std::uint64_t address = section->header.sh_addr + at;
      const auto slot = isArm ? slotOnArm(code, at, address) : slotOnX86(code, at, address);
      const auto found = slot ? slots.find(*slot) : slots.end();
      if (found == slots.end()) continue;
      // An entry that begins with a branch target was found already, one instruction earlier.
      if (isArm && !entries.empty() && entries.back().address + 4 == address) continue;
      entries.push_back({found->second, address, section->header.sh_offset + at});
    }
  }
  return entries;
}

}  // namespace tapbook

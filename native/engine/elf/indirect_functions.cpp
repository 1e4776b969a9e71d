#include "indirect_functions.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>

namespace tapbook {
namespace {

/** More code chooses nothing any more. */
constexpr std::uint64_t kMostCode = 4096;

template <typename Number>
Number numberAt(const std::vector<std::uint8_t>& bytes, std::size_t place) {
  Number number{};
  if (place + sizeof number <= bytes.size()) std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

/** Where functions begin, as the table says by which programs are unwound; stripping leaves it. Empty where there is
 * none. */
std::set<std::uint64_t> functionStarts(const ElfFile& file) {
  // DW_EH_PE_udata4 for the count, DW_EH_PE_datarel | DW_EH_PE_sdata4 for the entries: what all linkers write.
  constexpr std::uint8_t kCount = 0x03;
  constexpr std::uint8_t kEntries = 0x3b;
  constexpr std::size_t kHead = 12;
  std::set<std::uint64_t> starts;
  const ElfSection* section = file.section(".eh_frame_hdr");
  if (section == nullptr) return starts;
  const std::vector<std::uint8_t> bytes = file.contents(*section);
  if (bytes.size() < kHead || bytes[0] != 1 || bytes[2] != kCount || bytes[3] != kEntries) return starts;
  const auto count = numberAt<std::uint32_t>(bytes, 8);
  for (std::uint32_t number = 0; number < count; number++) {
    const std::size_t place = kHead + std::size_t{8} * number;
    if (place + 8 > bytes.size()) break;
    starts.insert(section->header.sh_addr + static_cast<std::int64_t>(numberAt<std::int32_t>(bytes, place)));
  }
  return starts;
}

std::vector<std::uint8_t> codeAt(const ElfFile& file, std::uint64_t address, std::uint64_t size) {
  for (const ElfSection& section : file.sections()) {
    const std::uint64_t start = section.header.sh_addr;
    if (!section.isExecutable() || address < start || address >= start + section.header.sh_size) continue;
    const std::vector<std::uint8_t> bytes = file.contents(section);
    const std::uint64_t from = address - start;
    if (from >= bytes.size()) return {};
    const std::uint64_t length = std::min({size, kMostCode, bytes.size() - from});
    return {bytes.begin() + static_cast<std::ptrdiff_t>(from),
            bytes.begin() + static_cast<std::ptrdiff_t>(from + length)};
  }
  return {};
}

/** lea displacement(%rip), %register */
std::vector<std::uint64_t> formedOnIntel(const std::vector<std::uint8_t>& code, std::uint64_t address) {
  constexpr std::size_t kLength = 7;
  std::vector<std::uint64_t> formed;
  for (std::size_t place = 0; place + kLength <= code.size(); place++) {
    const bool isLea = (code[place] & 0xfb) == 0x48 && code[place + 1] == 0x8d && (code[place + 2] & 0xc7) == 0x05;
    if (!isLea) continue;
    const auto displacement = numberAt<std::int32_t>(code, place + 3);
    formed.push_back(address + place + kLength + static_cast<std::uint64_t>(std::int64_t{displacement}));
  }
  return formed;
}

/** adrp register, page; add register, register, #rest */
std::vector<std::uint64_t> formedOnArm(const std::vector<std::uint8_t>& code, std::uint64_t address) {
  constexpr std::uint64_t kPage = 0xfff;
  std::vector<std::uint64_t> formed;
  std::optional<std::uint64_t> pages[32];
  for (std::size_t place = 0; place + 4 <= code.size(); place += 4) {
    const auto word = numberAt<std::uint32_t>(code, place);
    if ((word & 0x9f000000U) == 0x90000000U) {
      const std::uint32_t immediate = ((word >> 5 & 0x7ffffU) << 2) | (word >> 29 & 3U);
      const std::int64_t distance = static_cast<std::int32_t>(immediate << 11) >> 11;
      pages[word & 31U] = ((address + place) & ~kPage) + static_cast<std::uint64_t>(distance * 4096);
    } else if ((word & 0xffc00000U) == 0x91000000U && pages[word >> 5 & 31U]) {
      formed.push_back(*pages[word >> 5 & 31U] + (word >> 10 & kPage));
    }
  }
  return formed;
}

}  // namespace

std::vector<std::uint64_t> indirectTargets(const ElfFile& file, std::uint64_t address, std::uint64_t size) {
  const std::vector<std::uint8_t> code = codeAt(file, address, size);
  const std::vector<std::uint64_t> formed = file.machine() == EM_X86_64    ? formedOnIntel(code, address)
                                            : file.machine() == EM_AARCH64 ? formedOnArm(code, address)
                                                                           : std::vector<std::uint64_t>();
  // Bytes may look like an instruction that is none: only what begins a function is taken.
  const std::set<std::uint64_t> starts = functionStarts(file);
  std::set<std::uint64_t> targets;
  for (const std::uint64_t target : formed) {
    if (target != address && starts.count(target) != 0) targets.insert(target);
  }
  return {targets.begin(), targets.end()};
}

}  // namespace tapbook

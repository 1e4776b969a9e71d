#include "static_probes.hpp"

#include <cstring>

namespace tapbook {
namespace {

constexpr std::uint32_t kProbeNote = 3;

/** The next of the zero-terminated texts in a note. */
std::string takeText(const std::vector<std::uint8_t>& bytes, std::size_t& position) {
  if (position >= bytes.size()) return {};
  const char* start = reinterpret_cast<const char*>(bytes.data() + position);
  const std::size_t length = strnlen(start, bytes.size() - position);
  position += length + 1;
  return {start, length};
}

}  // namespace

std::vector<StaticProbe> staticProbes(const ElfFile& file) {
  const ElfSection* section = file.section(".note.stapsdt");
  if (section == nullptr) return {};
  const ElfSection* base = file.section(".stapsdt.base");
  std::vector<StaticProbe> probes;
  for (const ElfNote& note : notesIn(file.contents(*section), section->header.sh_addralign)) {
    std::uint64_t words[3];
    if (note.owner != "stapsdt" || note.type != kProbeNote || note.description.size() < sizeof words) continue;
    std::memcpy(words, note.description.data(), sizeof words);
    // Prelinking moves sections but not notes: how far, the section that exists for this tells.
    const std::uint64_t moved = base != nullptr ? base->header.sh_addr - words[1] : 0;
    StaticProbe probe;
    probe.address = words[0] + moved;
    std::size_t position = sizeof words;
    probe.provider = takeText(note.description, position);
    probe.name = takeText(note.description, position);
    probe.arguments = takeText(note.description, position);
    const auto offset = file.offsetOf(probe.address);
    if (!offset) continue;
    probe.offset = *offset;
    if (words[2] != 0) {
      probe.semaphoreAddress = words[2] + moved;
      probe.semaphoreOffset = file.offsetOf(probe.semaphoreAddress).value_or(0);
    }
    probes.push_back(std::move(probe));
  }
  return probes;
}

}  // namespace tapbook

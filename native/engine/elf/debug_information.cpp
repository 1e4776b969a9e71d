#include "debug_information.hpp"

#include <cerrno>
#include <cstdlib>

#include "../error.hpp"
#include "debug_file.hpp"

namespace tapbook {
namespace {

bool hasEntries(const ElfFile& file) {
  const ElfSection* section = file.section(".debug_info");
  return (section != nullptr && section->header.sh_type != SHT_NOBITS) || file.section(".zdebug_info") != nullptr;
}

}  // namespace

bool DebugInformation::isThere(const ElfFile& file) {
  if (hasEntries(file)) return true;
  const std::optional<ElfFile> debug = debugFileOf(file);
  return debug && hasEntries(*debug);
}

std::unique_ptr<DebugInformation> DebugInformation::open(const ElfFile& file) {
  std::optional<ElfFile> debug;
  if (!hasEntries(file)) {
    std::optional<ElfFile> found = debugFileOf(file);
    if (!found || !hasEntries(*found)) return nullptr;
    debug.emplace(std::move(*found));
  }
  return std::unique_ptr<DebugInformation>(new DebugInformation(Libdw::require(), file, std::move(debug)));
}

DebugInformation::DebugInformation(const Libdw& libdw, const ElfFile& file, std::optional<ElfFile> debugFile)
    : libdw_(libdw),
      debugFile_(std::move(debugFile)),
      dwarf_(nullptr, libdw.end),
      elf_(nullptr, libdw.elfEnd),
      frames_(nullptr, libdw.framesEnd) {
  const ElfFile& source = debugFile_ ? *debugFile_ : file;
  dwarf_.reset(libdw.begin(source.descriptor(), DWARF_C_READ));
  if (dwarf_ == nullptr) {
    throw Error(EBADMSG, "read the debug information of " + quoted(source.path()) + ": " + libdw.errorMessage(-1));
  }
  // The frames lie in the program itself, also where the rest was moved to a file of its own.
  elf_.reset(libdw.elfBegin(file.descriptor(), ELF_C_READ, nullptr));
  if (elf_ != nullptr) frames_.reset(libdw.getFramesOfElf(elf_.get()));
  index_ = std::make_unique<DebugIndex>(libdw, dwarf_.get());
  types_ = std::make_unique<DebugTypes>(libdw, *index_);
}

std::vector<DebugOperation> DebugInformation::callFrameAt(std::uint64_t address) {
  // .eh_frame is what programs are unwound by while they run; .debug_frame is there where that was left out.
  for (Dwarf_CFI* frames : {frames_.get(), libdw_.getFrames(dwarf_.get())}) {
    Dwarf_Frame* frame = nullptr;
    if (frames == nullptr || libdw_.frameAt(frames, address, &frame) != 0) continue;
    const std::unique_ptr<Dwarf_Frame, void (*)(void*)> owned(frame, std::free);
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    if (libdw_.callFrameAddress(frame, &operations, &count) != 0) continue;
    return operationsOf(libdw_, nullptr, operations, count);
  }
  return {};
}

}  // namespace tapbook

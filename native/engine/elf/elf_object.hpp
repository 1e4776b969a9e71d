#pragma once

#include <memory>
#include <string>

#include "debug_information.hpp"
#include "elf_file.hpp"
#include "elf_symbols.hpp"

namespace tapbook {

/** An ELF file with what was read of it so far. For one thread. */
class ElfObject {
 public:
  explicit ElfObject(ElfFile file) : file_(std::move(file)) {}

  const ElfFile& file() const { return file_; }

  const ElfSymbols& symbols() {
    if (symbols_ == nullptr) symbols_ = std::make_unique<ElfSymbols>(file_);
    return *symbols_;
  }

  bool hasDebugInformation() const { return debugWasSought_ ? debug_ != nullptr : DebugInformation::isThere(file_); }

  /** Null where there is none. */
  DebugInformation* debug() {
    if (!debugWasSought_) debug_ = DebugInformation::open(file_);
    debugWasSought_ = true;
    return debug_.get();
  }

 private:
  ElfFile file_;
  std::unique_ptr<ElfSymbols> symbols_;
  std::unique_ptr<DebugInformation> debug_;
  bool debugWasSought_ = false;
};

}  // namespace tapbook

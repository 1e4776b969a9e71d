#pragma once

#include <elf.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../file_descriptor.hpp"

namespace tapbook {

struct ElfSection {
  std::string name;
  Elf64_Shdr header{};

  bool isExecutable() const { return (header.sh_flags & SHF_EXECINSTR) != 0; }
};

/**
 * A 64-bit little-endian ELF file: its headers, and the bytes of whatever is asked for. What it reads it copies and
 * checks against the file's size: a file that is overwritten meanwhile gives wrong answers at worst, where a mapping
 * would end the process with SIGBUS.
 */
class ElfFile {
 public:
  /** Throws ENOEXEC where the file is no ELF file of this kind, else what opening it said. */
  explicit ElfFile(const std::string& path);
  /** The code that the kernel maps into every process; nothing where it maps none. */
  static std::optional<ElfFile> ofVdso();

  /** One that lies in memory. */
  ElfFile(std::string path, std::vector<std::uint8_t> bytes);

  ElfFile(ElfFile&&) = default;

  /** As it was asked for. */
  const std::string& path() const { return path_; }
  /** The open file; -1 for one that lies in memory. */
  int descriptor() const { return file_.number(); }
  /** Without links, of the moment when it was opened: a process' own way to a file ends with the process. */
  const std::string& realPath() const { return realPath_; }
  bool isPositionIndependent() const { return header_.e_type == ET_DYN; }
  std::uint16_t machine() const { return header_.e_machine; }
  /** Such as `x86_64`. */
  std::string machineName() const;
  /** In hexadecimal; empty where there is none. */
  const std::string& buildId() const { return buildId_; }

  const std::vector<ElfSection>& sections() const { return sections_; }
  const std::vector<Elf64_Phdr>& segments() const { return segments_; }
  /** Null where there is none of that name. */
  const ElfSection* section(const char* name) const;
  const ElfSection* sectionOfType(std::uint32_t type) const;
  /** Empty for a section that has no bytes in the file. */
  std::vector<std::uint8_t> contents(const ElfSection& section) const;
  /** A section of strings, with a zero behind it. */
  std::vector<char> strings(const ElfSection& section) const;
  /** Where in the file the byte at a virtual address lies; nothing where the file has no such byte. */
  std::optional<std::uint64_t> offsetOf(std::uint64_t address) const;

 private:
  explicit ElfFile(const std::uint8_t* image);

  void readHeaders();
  std::string findBuildId() const;
  void read(std::uint64_t offset, void* into, std::uint64_t size) const;
  template <typename Item>
  std::vector<Item> table(std::uint64_t offset, std::uint64_t count, std::uint64_t itemSize) const;
  [[noreturn]] void refuse(const std::string& what) const;

  std::string path_;
  std::string realPath_;
  FileDescriptor file_;
  std::vector<std::uint8_t> bytes_;
  const std::uint8_t* image_ = nullptr;
  std::uint64_t size_ = 0;
  Elf64_Ehdr header_{};
  std::string buildId_;
  std::vector<ElfSection> sections_;
  std::vector<Elf64_Phdr> segments_;
};

/** One entry of a section of notes. */
struct ElfNote {
  std::string owner;
  std::uint32_t type = 0;
  std::vector<std::uint8_t> description;
};

std::vector<ElfNote> notesIn(const std::vector<std::uint8_t>& bytes, std::uint64_t alignment);

}  // namespace tapbook

#include "elf_file.hpp"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include "../error.hpp"

namespace tapbook {
namespace {

// Tables beyond this are no tables: the largest programs have some hundred thousand sections.
constexpr std::uint64_t kMostHeaders = 1'000'000;

std::string hexadecimal(const std::vector<std::uint8_t>& bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string realPathOf(const FileDescriptor& file) {
  std::array<char, PATH_MAX> target;
  const std::string link = "/proc/self/fd/" + std::to_string(file.number());
  const ssize_t length = readlink(link.c_str(), target.data(), target.size());
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : std::string();
}

}  // namespace

ElfFile::ElfFile(const std::string& path) : path_(path) {
  file_ = FileDescriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file_.isOpen()) throw Error(errno, "open " + quoted(path));
  struct stat status {};
  if (fstat(file_.number(), &status) != 0) throw Error(errno, "look at " + quoted(path));
  if (!S_ISREG(status.st_mode)) throw Error(S_ISDIR(status.st_mode) ? EISDIR : ENOEXEC, "read " + quoted(path));
  size_ = static_cast<std::uint64_t>(status.st_size);
  realPath_ = realPathOf(file_);
  readHeaders();
}

ElfFile::ElfFile(const std::uint8_t* image) : path_("[vdso]"), realPath_(path_), image_(image) {
  std::memcpy(&header_, image, sizeof header_);
  // The section headers are the last thing in the image.
  size_ = header_.e_shoff + static_cast<std::uint64_t>(header_.e_shnum) * header_.e_shentsize;
  readHeaders();
}

ElfFile::ElfFile(std::string path, std::vector<std::uint8_t> bytes)
    : path_(std::move(path)), realPath_(path_), bytes_(std::move(bytes)), image_(bytes_.data()), size_(bytes_.size()) {
  readHeaders();
}

std::optional<ElfFile> ElfFile::ofVdso() {
  const unsigned long address = getauxval(AT_SYSINFO_EHDR);
  if (address == 0) return std::nullopt;
  return ElfFile(reinterpret_cast<const std::uint8_t*>(address));
}

void ElfFile::refuse(const std::string& what) const { throw Error(ENOEXEC, "read " + quoted(path_) + ": " + what); }

void ElfFile::read(std::uint64_t offset, void* into, std::uint64_t size) const {
  if (offset > size_ || size > size_ - offset) refuse("it ends before what its headers name");
  if (image_ != nullptr) {
    std::memcpy(into, image_ + offset, size);
    return;
  }
  for (std::uint64_t done = 0; done < size;) {
    const ssize_t count =
        pread(file_.number(), static_cast<char*>(into) + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(errno, "read " + quoted(path_));
    if (count == 0) refuse("it became shorter meanwhile");
    done += static_cast<std::uint64_t>(count);
  }
}

template <typename Item>
std::vector<Item> ElfFile::table(std::uint64_t offset, std::uint64_t count, std::uint64_t itemSize) const {
  if (count == 0) return {};
  if (itemSize != sizeof(Item) || count > kMostHeaders) refuse("its headers have a size that is not ELF's");
  std::vector<Item> items(count);
  read(offset, items.data(), count * sizeof(Item));
  return items;
}

void ElfFile::readHeaders() {
  if (size_ < sizeof header_) refuse("no ELF file");
  read(0, &header_, sizeof header_);
  if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0) refuse("no ELF file");
  if (header_.e_ident[EI_CLASS] != ELFCLASS64) refuse("a 32-bit program; only 64-bit ones are read");
  if (header_.e_ident[EI_DATA] != ELFDATA2LSB) refuse("a big-endian program; only little-endian ones are read");

  std::uint64_t sectionCount = header_.e_shnum;
  std::uint64_t namesIndex = header_.e_shstrndx;
  std::uint64_t segmentCount = header_.e_phnum;
  if (header_.e_shoff != 0) {
    // Where a number is too large for the header, it is in the first section header.
    const Elf64_Shdr first = table<Elf64_Shdr>(header_.e_shoff, 1, header_.e_shentsize).front();
    if (sectionCount == 0) sectionCount = first.sh_size;
    if (namesIndex == SHN_XINDEX) namesIndex = first.sh_link;
    if (segmentCount == PN_XNUM) segmentCount = first.sh_info;
  } else {
    sectionCount = 0;
  }
  segments_ = table<Elf64_Phdr>(header_.e_phoff, segmentCount, header_.e_phentsize);
  for (const Elf64_Shdr& header : table<Elf64_Shdr>(header_.e_shoff, sectionCount, header_.e_shentsize)) {
    ElfSection section;
    section.header = header;
    sections_.push_back(std::move(section));
  }
  buildId_ = findBuildId();
  if (namesIndex == SHN_UNDEF || namesIndex >= sections_.size()) return;
  const std::vector<char> names = strings(sections_[namesIndex]);
  for (ElfSection& section : sections_) {
    if (section.header.sh_name < names.size()) section.name = names.data() + section.header.sh_name;
  }
}

std::string ElfFile::machineName() const {
  switch (header_.e_machine) {
    case EM_X86_64:
      return "x86_64";
    case EM_AARCH64:
      return "aarch64";
    default:
      return "machine " + std::to_string(header_.e_machine);
  }
}

std::string ElfFile::findBuildId() const {
  for (const ElfSection& section : sections_) {
    if (section.header.sh_type != SHT_NOTE) continue;
    for (const ElfNote& note : notesIn(contents(section), section.header.sh_addralign)) {
      if (note.type == NT_GNU_BUILD_ID && note.owner == ELF_NOTE_GNU) return hexadecimal(note.description);
    }
  }
  // A file without section headers still has its segments.
  for (const Elf64_Phdr& segment : segments_) {
    if (segment.p_type != PT_NOTE || segment.p_filesz > size_) continue;
    std::vector<std::uint8_t> bytes(segment.p_filesz);
    if (segment.p_offset > size_ - segment.p_filesz) continue;
    read(segment.p_offset, bytes.data(), bytes.size());
    for (const ElfNote& note : notesIn(bytes, segment.p_align)) {
      if (note.type == NT_GNU_BUILD_ID && note.owner == ELF_NOTE_GNU) return hexadecimal(note.description);
    }
  }
  return {};
}

const ElfSection* ElfFile::section(const char* name) const {
  const auto found =
      std::find_if(sections_.begin(), sections_.end(), [&](const ElfSection& section) { return section.name == name; });
  return found == sections_.end() ? nullptr : &*found;
}

const ElfSection* ElfFile::sectionOfType(std::uint32_t type) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(),
                                  [&](const ElfSection& section) { return section.header.sh_type == type; });
  return found == sections_.end() ? nullptr : &*found;
}

std::vector<std::uint8_t> ElfFile::contents(const ElfSection& section) const {
  if (section.header.sh_type == SHT_NOBITS) return {};
  if (section.header.sh_size > size_) refuse("its section " + quoted(section.name) + " is larger than the file");
  std::vector<std::uint8_t> bytes(section.header.sh_size);
  read(section.header.sh_offset, bytes.data(), bytes.size());
  return bytes;
}

std::vector<char> ElfFile::strings(const ElfSection& section) const {
  const std::vector<std::uint8_t> bytes = contents(section);
  std::vector<char> text(bytes.begin(), bytes.end());
  text.push_back('\0');
  return text;
}

std::optional<std::uint64_t> ElfFile::offsetOf(std::uint64_t address) const {
  for (const Elf64_Phdr& segment : segments_) {
    if (segment.p_type == PT_LOAD && address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz) {
      return address - segment.p_vaddr + segment.p_offset;
    }
  }
  return std::nullopt;
}

std::vector<ElfNote> notesIn(const std::vector<std::uint8_t>& bytes, std::uint64_t alignment) {
  const std::uint64_t step = alignment == 8 ? 8 : 4;
  const auto padded = [step](std::uint64_t size) { return (size + step - 1) / step * step; };
  std::vector<ElfNote> notes;
  for (std::uint64_t position = 0; position + sizeof(Elf64_Nhdr) <= bytes.size();) {
    Elf64_Nhdr header;
    std::memcpy(&header, bytes.data() + position, sizeof header);
    position += sizeof header;
    const std::uint64_t description = padded(position + header.n_namesz);
    if (description + header.n_descsz > bytes.size()) break;
    ElfNote note;
    const char* owner = reinterpret_cast<const char*>(bytes.data() + position);
    note.owner.assign(owner, strnlen(owner, header.n_namesz));
    note.type = header.n_type;
    note.description.assign(bytes.begin() + static_cast<std::ptrdiff_t>(description),
                            bytes.begin() + static_cast<std::ptrdiff_t>(description + header.n_descsz));
    notes.push_back(std::move(note));
    position = padded(description + header.n_descsz);
  }
  return notes;
}

}  // namespace tapbook

#include "embedded_symbols.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <vector>

#include "../error.hpp"

namespace tapbook {
namespace {

/** `lzma_stream_buffer_decode` of lzma.h, whose header is needed for nothing else. */
using Decode = int (*)(std::uint64_t* memoryLimit, std::uint32_t flags, const void* allocator,
                       const std::uint8_t* input, std::size_t* inputPosition, std::size_t inputSize,
                       std::uint8_t* output, std::size_t* outputPosition, std::size_t outputSize);

constexpr int kOk = 0;
constexpr int kBufferTooSmall = 10;
constexpr std::uint64_t kMostMemory = 256 << 20;
constexpr std::size_t kMostBytes = 256 << 20;

Decode decoder() {
  // Never unloaded: it belongs to the process, as if it were linked.
  void* library = dlopen("liblzma.so.5", RTLD_NOW | RTLD_LOCAL);
  return library != nullptr ? reinterpret_cast<Decode>(dlsym(library, "lzma_stream_buffer_decode")) : nullptr;
}

/** Empty where it cannot be done. */
std::vector<std::uint8_t> decompressed(const std::vector<std::uint8_t>& input) {
  static const Decode decode = decoder();
  if (decode == nullptr) return {};
  std::size_t size = std::max<std::size_t>(input.size() * 8, 65536);
  for (; size <= kMostBytes; size *= 4) {
    std::vector<std::uint8_t> output(size);
    std::uint64_t memory = kMostMemory;
    std::size_t read = 0;
    std::size_t written = 0;
    const int answer =
        decode(&memory, 0, nullptr, input.data(), &read, input.size(), output.data(), &written, output.size());
    output.resize(written);
    if (answer == kOk) return output;
    if (answer != kBufferTooSmall) break;
  }
  return {};
}

}  // namespace

std::optional<ElfFile> embeddedSymbolsOf(const ElfFile& file) {
  const ElfSection* section = file.section(".gnu_debugdata");
  if (section == nullptr) return std::nullopt;
  std::vector<std::uint8_t> bytes = decompressed(file.contents(*section));
  if (bytes.empty()) return std::nullopt;
  try {
    return ElfFile(file.path() + ": .gnu_debugdata", std::move(bytes));
  } catch (const Error&) {
    // What is damaged is as good as none: the symbols that the program itself has remain.
    return std::nullopt;
  }
}

}  // namespace tapbook

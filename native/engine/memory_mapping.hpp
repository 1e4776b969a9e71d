#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "error.hpp"

namespace tapbook {

/** Owns a stretch of shared memory mapped from a file descriptor. */
class MemoryMapping {
 public:
  MemoryMapping() = default;
  MemoryMapping(int descriptor, std::size_t size, int protection, std::size_t offset, const std::string& operation)
      : size_(size) {
    address_ = mmap(nullptr, size, protection, MAP_SHARED, descriptor, static_cast<off_t>(offset));
    if (address_ == MAP_FAILED) throw Error(errno, operation);
  }
  MemoryMapping(MemoryMapping&& other) noexcept
      : address_(std::exchange(other.address_, MAP_FAILED)), size_(other.size_) {}
  MemoryMapping& operator=(MemoryMapping&& other) noexcept {
    std::swap(address_, other.address_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~MemoryMapping() {
    if (isMapped()) munmap(address_, size_);
  }

  bool isMapped() const noexcept { return address_ != MAP_FAILED; }
  std::uint8_t* bytes() const noexcept { return static_cast<std::uint8_t*>(address_); }
  std::size_t size() const noexcept { return size_; }

 private:
  void* address_ = MAP_FAILED;
  std::size_t size_ = 0;
};

}  // namespace tapbook

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "file_descriptor.hpp"
#include "memory_mapping.hpp"

namespace tapbook {

enum class MapType {
  Hash,
  PerCpuHash,
  LruHash,
  Array,
  PerCpuArray,
  RingBuffer,
  StackTrace,
  PerfEventArray,
  Queue,
  Stack
};

struct MapOptions {
  std::string name;
  MapType type = MapType::Hash;
  std::uint32_t keySize = 0;
  /** Bytes, for one CPU. */
  std::uint32_t valueSize = 0;
  std::uint32_t maxEntries = 0;
  bool noPreallocate = false;
  bool mmapable = false;
  bool readOnlyForPrograms = false;
};

enum class UpdateMode { Any, NoExist, Exist };

struct MapEntries {
  std::size_t count = 0;
  std::vector<std::uint8_t> keys;
  std::vector<std::uint8_t> values;
};

/**
 * A BPF map. Keys and values are bytes; callers see to their lengths (`keySize`, `valueStride`). Queues and stacks have
 * no keys: `update` adds a value, `lookup` shows the next.
 */
class Map {
 public:
  explicit Map(const MapOptions& options);

  int descriptor() const { return descriptor_.number(); }
  std::uint32_t id() const { return id_; }
  const MapOptions& options() const { return options_; }
  /** Bytes of a value as it is read and written: on a per-CPU map one for each possible CPU, each rounded up to 8. */
  std::size_t valueStride() const { return valueStride_; }
  /** Bytes that the word operations reach; 0 unless the map is mmapable. */
  std::size_t sharedSize() const;

  /** Writes the value; returns false where there is no such entry. */
  bool lookup(const std::uint8_t* key, std::uint8_t* value) const;
  /** Returns false where `mode` forbids. */
  bool update(const std::uint8_t* key, const std::uint8_t* value, UpdateMode mode) const;
  /** Takes the next value out of a queue or a stack; returns false where it is empty. */
  bool pop(std::uint8_t* value) const;
  /** Returns whether there was such an entry. */
  bool remove(const std::uint8_t* key) const;
  MapEntries entries() const;
  /** As `entries`, each entry removed in the step that reads it. */
  MapEntries takeEntries() const;
  void clear() const;
  void freeze();

  std::uint64_t readWord(std::size_t offset);
  void writeWord(std::size_t offset, std::uint64_t value);
  std::uint64_t fetchAdd(std::size_t offset, std::uint64_t delta);

 private:
  /** As the kernel wants it: none where the map has no keys. */
  const std::uint8_t* given(const std::uint8_t* key) const { return options_.keySize == 0 ? nullptr : key; }
  bool isArray() const { return options_.type == MapType::Array || options_.type == MapType::PerCpuArray; }
  std::string doing(const char* what) const;
  std::uint64_t* word(std::size_t offset, bool writing);

  MapOptions options_;
  FileDescriptor descriptor_;
  std::uint32_t id_ = 0;
  std::size_t valueStride_ = 0;
  MemoryMapping shared_;
  bool frozen_ = false;
};

}  // namespace tapbook

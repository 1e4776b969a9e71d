#include "map.hpp"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cerrno>

#include "error.hpp"
#include "kernel_name.hpp"
#include "machine.hpp"

namespace tapbook {
namespace {

bpf_map_type kernelType(MapType type) {
  switch (type) {
    case MapType::Hash:
      return BPF_MAP_TYPE_HASH;
    case MapType::PerCpuHash:
      return BPF_MAP_TYPE_PERCPU_HASH;
    case MapType::LruHash:
      return BPF_MAP_TYPE_LRU_HASH;
    case MapType::Array:
      return BPF_MAP_TYPE_ARRAY;
    case MapType::PerCpuArray:
      return BPF_MAP_TYPE_PERCPU_ARRAY;
    case MapType::RingBuffer:
      return BPF_MAP_TYPE_RINGBUF;
    case MapType::StackTrace:
      return BPF_MAP_TYPE_STACK_TRACE;
    case MapType::PerfEventArray:
      return BPF_MAP_TYPE_PERF_EVENT_ARRAY;
    case MapType::Queue:
      return BPF_MAP_TYPE_QUEUE;
    case MapType::Stack:
      return BPF_MAP_TYPE_STACK;
  }
  return BPF_MAP_TYPE_UNSPEC;
}

std::uint64_t kernelMode(UpdateMode mode) {
  switch (mode) {
    case UpdateMode::Any:
      return BPF_ANY;
    case UpdateMode::NoExist:
      return BPF_NOEXIST;
    case UpdateMode::Exist:
      return BPF_EXIST;
  }
  return BPF_ANY;
}

constexpr std::size_t roundUp(std::size_t size, std::size_t unit) { return (size + unit - 1) / unit * unit; }

}  // namespace

Map::Map(const MapOptions& options) : options_(options) {
  const bool perCpu = options.type == MapType::PerCpuHash || options.type == MapType::PerCpuArray;
  valueStride_ = perCpu ? roundUp(options.valueSize, 8) * static_cast<std::size_t>(possibleCpus()) : options.valueSize;

  LIBBPF_OPTS(bpf_map_create_opts, creation);
  if (options.noPreallocate) creation.map_flags |= BPF_F_NO_PREALLOC;
  if (options.mmapable) creation.map_flags |= BPF_F_MMAPABLE;
  if (options.readOnlyForPrograms) creation.map_flags |= BPF_F_RDONLY_PROG;
  const std::string name = kernelName(options.name);
  descriptor_ = FileDescriptor(bpf_map_create(kernelType(options.type), name.c_str(), options.keySize,
                                              options.valueSize, options.maxEntries, &creation));
  if (!descriptor_.isOpen()) throw Error(errno, doing("create"));

  bpf_map_info info{};
  std::uint32_t size = sizeof info;
  if (bpf_obj_get_info_by_fd(descriptor(), &info, &size) != 0) throw Error(errno, doing("read the id of"));
  id_ = info.id;
}

std::string Map::doing(const char* what) const { return std::string(what) + " map " + quoted(options_.name); }

bool Map::lookup(const std::uint8_t* key, std::uint8_t* value) const {
  if (bpf_map_lookup_elem(descriptor(), given(key), value) == 0) return true;
  if (errno == ENOENT) return false;
  throw Error(errno, doing("look up an entry of"));
}

bool Map::update(const std::uint8_t* key, const std::uint8_t* value, UpdateMode mode) const {
  if (bpf_map_update_elem(descriptor(), given(key), value, kernelMode(mode)) == 0) return true;
  if (mode == UpdateMode::NoExist && errno == EEXIST) return false;
  if (mode == UpdateMode::Exist && errno == ENOENT) return false;
  throw Error(errno, doing("update an entry of"));
}

bool Map::pop(std::uint8_t* value) const {
  if (bpf_map_lookup_and_delete_elem(descriptor(), nullptr, value) == 0) return true;
  if (errno == ENOENT) return false;
  throw Error(errno, doing("take an entry of"));
}

bool Map::remove(const std::uint8_t* key) const {
  if (bpf_map_delete_elem(descriptor(), key) == 0) return true;
  if (errno == ENOENT) return false;
  throw Error(errno, doing("delete an entry of"));
}

void Map::freeze() {
  // The kernel refuses while a writable mapping exists; the next readWord maps again, for reading.
  shared_ = MemoryMapping();
  if (bpf_map_freeze(descriptor()) != 0) throw Error(errno, doing("freeze"));
  frozen_ = true;
}

std::size_t Map::sharedSize() const {
  return options_.mmapable ? roundUp(options_.valueSize, 8) * options_.maxEntries : 0;
}

std::uint64_t* Map::word(std::size_t offset, bool writing) {
  if (offset % 8 != 0 || sharedSize() < 8 || offset > sharedSize() - 8) throw Error(ERANGE, doing("reach a word of"));
  if (writing && frozen_) throw Error(EPERM, doing("write a word of"));
  if (!shared_.isMapped()) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const int protection = frozen_ ? PROT_READ : PROT_READ | PROT_WRITE;
    shared_ = MemoryMapping(descriptor(), roundUp(sharedSize(), page), protection, 0, doing("share the memory of"));
  }
  return reinterpret_cast<std::uint64_t*>(shared_.bytes() + offset);
}

std::uint64_t Map::readWord(std::size_t offset) { return __atomic_load_n(word(offset, false), __ATOMIC_SEQ_CST); }

void Map::writeWord(std::size_t offset, std::uint64_t value) {
  __atomic_store_n(word(offset, true), value, __ATOMIC_SEQ_CST);
}

std::uint64_t Map::fetchAdd(std::size_t offset, std::uint64_t delta) {
  return __atomic_fetch_add(word(offset, true), delta, __ATOMIC_SEQ_CST);
}

}  // namespace tapbook

// Reading and emptying whole maps.

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <numeric>

#include "error.hpp"
#include "map.hpp"

namespace tapbook {
namespace {

constexpr std::uint32_t kFirstBatch = 4096;
constexpr int kNotSupportedInKernel = 524;

bool lacksBatches(int number) { return number == kNotSupportedInKernel || number == EOPNOTSUPP || number == EINVAL; }

using BatchRead = int (*)(int, void*, void*, void*, void*, std::uint32_t*, const bpf_map_batch_opts*);

/**
 * Walks a map with one of the kernel's batched reads and hands each batch over. Returns 0 or the error's number.
 *
 * Hash maps are read by buckets, so a batch may be shorter than asked for, and one that cannot hold the next bucket
 * fails with ENOSPC: then the batch grows. The position is at most as large as a key, and at least 4 bytes.
 */
template <typename Receive>
int readInBatches(const Map& map, BatchRead read, Receive receive) {
  const std::size_t keySize = map.options().keySize;
  std::uint32_t capacity = std::min(std::max(map.options().maxEntries, 1U), kFirstBatch);
  MapEntries batch;
  std::vector<std::uint8_t> position(std::max<std::size_t>(keySize, 8));
  std::vector<std::uint8_t> next(position.size());
  bool started = false;
  for (;;) {
    batch.keys.resize(capacity * keySize);
    batch.values.resize(capacity * map.valueStride());
    std::uint32_t count = capacity;
    const int answer = read(map.descriptor(), started ? position.data() : nullptr, next.data(), batch.keys.data(),
                            batch.values.data(), &count, nullptr);
    const int number = answer == 0 ? 0 : errno;
    if (number == ENOSPC && count == 0) {
      capacity *= 2;
      continue;
    }
    if (number != 0 && number != ENOENT && number != ENOSPC) return number;
    batch.count = count;
    if (count > 0) receive(batch);
    if (number == ENOENT) return 0;
    started = true;
    position.swap(next);
  }
}

void append(MapEntries& entries, const MapEntries& batch, const Map& map) {
  const auto keys = batch.keys.begin();
  const auto values = batch.values.begin();
  entries.keys.insert(entries.keys.end(), keys, keys + static_cast<long>(batch.count * map.options().keySize));
  entries.values.insert(entries.values.end(), values, values + static_cast<long>(batch.count * map.valueStride()));
  entries.count += batch.count;
}

void setToZero(const Map& map, const std::string& operation) {
  const std::uint32_t total = map.options().maxEntries;
  std::vector<std::uint32_t> indices(std::min(total, kFirstBatch));
  const std::vector<std::uint8_t> zeros(indices.size() * map.valueStride());
  for (std::uint32_t first = 0; first < total;) {
    auto count = std::min(total - first, static_cast<std::uint32_t>(indices.size()));
    std::iota(indices.begin(), indices.end(), first);
    if (bpf_map_update_batch(map.descriptor(), indices.data(), zeros.data(), &count, nullptr) != 0) {
      if (!lacksBatches(errno)) throw Error(errno, operation);
      // Per-CPU arrays have batched updates from 5.13 on.
      for (const std::uint32_t index : indices) {
        if (index < total) map.update(reinterpret_cast<const std::uint8_t*>(&index), zeros.data(), UpdateMode::Any);
      }
      count = static_cast<std::uint32_t>(indices.size());
    }
    first += count;
  }
}

/** Calls `visit` with each key; each key is known before its predecessor is visited, so `visit` may delete. */
template <typename Visit>
void forEachKey(const Map& map, const std::string& operation, Visit visit) {
  std::vector<std::uint8_t> key(map.options().keySize);
  std::vector<std::uint8_t> next(map.options().keySize);
  int answer = bpf_map_get_next_key(map.descriptor(), nullptr, key.data());
  while (answer == 0) {
    answer = bpf_map_get_next_key(map.descriptor(), key.data(), next.data());
    const int number = errno;
    visit(key.data());
    errno = number;
    key.swap(next);
  }
  if (errno != ENOENT) throw Error(errno, operation);
}

}  // namespace

MapEntries Map::entries() const {
  MapEntries entries;
  const int number =
      readInBatches(*this, bpf_map_lookup_batch, [&](const MapEntries& batch) { append(entries, batch, *this); });
  if (number == 0) return entries;
  if (!lacksBatches(number)) throw Error(number, doing("read the entries of"));

  entries = MapEntries();
  MapEntries one;
  one.count = 1;
  one.values.resize(valueStride_);
  forEachKey(*this, doing("read the entries of"), [&](const std::uint8_t* key) {
    one.keys.assign(key, key + options_.keySize);
    if (lookup(key, one.values.data())) append(entries, one, *this);
  });
  return entries;
}

MapEntries Map::takeEntries() const {
  MapEntries entries;
  const int number = readInBatches(*this, bpf_map_lookup_and_delete_batch,
                                   [&](const MapEntries& batch) { append(entries, batch, *this); });
  if (number != 0) throw Error(number, doing("take the entries of"));
  return entries;
}

void Map::clear() const {
  if (isArray()) {
    setToZero(*this, doing("clear"));
  } else if (options_.type == MapType::StackTrace || options_.type == MapType::RingBuffer) {
    forEachKey(*this, doing("clear"), [this](const std::uint8_t* key) { remove(key); });
  } else {
    const int number = readInBatches(*this, bpf_map_lookup_and_delete_batch, [](const MapEntries&) {});
    if (number != 0) throw Error(number, doing("clear"));
  }
}

}  // namespace tapbook

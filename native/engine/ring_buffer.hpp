#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "file_descriptor.hpp"
#include "map.hpp"
#include "memory_mapping.hpp"

namespace tapbook {

/**
 * Consumes a ring buffer on a thread of its own.
 *
 * Records wait outside the ring, each as a 32-bit length, 4 bytes of padding, the data, and padding to a multiple of 8.
 * At most `kMostWaiting` bytes wait; then the thread rests, the ring fills, and the programs that write to it count
 * what they lose.
 */
class RingBuffer {
 public:
  static constexpr std::size_t kMostWaiting = std::size_t{1} << 20;

  /** `announce` is called on the ring's thread when records wait that no announcement stands for; it must not block. */
  RingBuffer(const Map& map, std::function<void()> announce);
  ~RingBuffer() { stop(); }
  RingBuffer(const RingBuffer&) = delete;
  RingBuffer& operator=(const RingBuffer&) = delete;

  /**
   * Moves out what waits, in place of what `records` held. Answers whether that was so much that more must be behind
   * it; then there is no announcement before the next `take`, so that the taker sets the pace.
   */
  bool take(std::vector<std::uint8_t>& records);

  /** A place in the stream of records. */
  struct Position {
    std::uint64_t value;
  };
  /** Behind all records that are in the ring now. */
  Position end() const;
  /**
   * Moves out what waits, or else reads on in the ring on the calling thread. Nothing is left before `end` when
   * `records` is empty. Answers as `take` does.
   */
  bool takeUntil(Position end, std::vector<std::uint8_t>& records);

  /** Ends the thread; there is no announcement after it. May be called twice. */
  void stop();

 private:
  void run();
  bool waitForRecords();
  /** Copies records out of the ring; returns whether the ring's reader moved on. Needs the mutex. */
  bool consume();
  std::uint64_t producerPosition() const;

  std::size_t size_;
  FileDescriptor map_;
  MemoryMapping consumer_;
  MemoryMapping producer_;
  const std::uint8_t* data_;
  FileDescriptor stopping_;
  FileDescriptor events_;
  std::function<void()> announce_;

  std::mutex mutex_;
  std::condition_variable room_;
  std::vector<std::uint8_t> waiting_;
  std::uint64_t position_ = 0;
  bool announced_ = false;
  /** The next record finds no room among those that wait. */
  bool full_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tapbook

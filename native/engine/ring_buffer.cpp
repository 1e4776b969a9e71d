#include "ring_buffer.hpp"

#include <fcntl.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "blocked_signals.hpp"
#include "error.hpp"

namespace tapbook {
namespace {

// Programs may ask for no wake-up (BPF_RB_NO_WAKEUP); what they wrote is found at the latest after this time.
constexpr int kLongestWaitMilliseconds = 50;
// One turn with the mutex held copies about this much, so that nobody waits long for it.
constexpr std::size_t kTurn = std::size_t{256} << 10;
// How long `takeUntil` waits for a record that a program on another CPU has reserved and not yet handed in.
constexpr std::chrono::milliseconds kLongestReservation{20};
constexpr std::chrono::microseconds kReservationPoll{50};

std::size_t pageSize() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

std::string doing(const char* what, const Map& map) {
  return std::string(what) + " ring buffer " + quoted(map.options().name);
}

FileDescriptor opened(int number, const std::string& operation) {
  if (number < 0) throw Error(errno, operation);
  return FileDescriptor(number);
}

FileDescriptor watching(int map, int stopping, const std::string& operation) {
  FileDescriptor events = opened(epoll_create1(EPOLL_CLOEXEC), operation);
  for (const int descriptor : {map, stopping}) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (epoll_ctl(events.number(), EPOLL_CTL_ADD, descriptor, &event) != 0) throw Error(errno, operation);
  }
  return events;
}

/** Starts a thread that takes none of the process's signals. */
template <typename Body>
std::thread startWithoutSignals(Body body) {
  // A thread starts with the mask of the one that starts it.
  const BlockedSignals blocked;
  std::thread thread(body);
  pthread_setname_np(thread.native_handle(), "tapbook-ring");
  return thread;
}

}  // namespace

RingBuffer::RingBuffer(const Map& map, std::function<void()> announce)
    : size_(map.options().maxEntries),
      map_(opened(fcntl(map.descriptor(), F_DUPFD_CLOEXEC, 3), doing("open", map))),
      // The kernel shares two pages and the data, the data twice in a row so that no record is ever split.
      consumer_(map_.number(), pageSize(), PROT_READ | PROT_WRITE, 0, doing("share the memory of", map)),
      producer_(map_.number(), pageSize() + 2 * size_, PROT_READ, pageSize(), doing("share the memory of", map)),
      data_(producer_.bytes() + pageSize()),
      stopping_(opened(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), doing("open", map))),
      events_(watching(map_.number(), stopping_.number(), doing("wait for", map))),
      announce_(std::move(announce)),
      position_(__atomic_load_n(reinterpret_cast<std::uint64_t*>(consumer_.bytes()), __ATOMIC_ACQUIRE)),
      thread_(startWithoutSignals([this] { run(); })) {}

void RingBuffer::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  eventfd_write(stopping_.number(), 1);
  room_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void RingBuffer::run() {
  while (waitForRecords()) {
    bool moved = true;
    for (int turn = 0; moved; turn++) {
      bool announce = false;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        room_.wait(lock, [this] { return stopped_ || !full_; });
        if (stopped_) return;
        moved = consume();
        announce = !waiting_.empty() && !announced_;
        announced_ = announced_ || announce;
      }
      if (announce) announce_();
      // There are records, or time was up; the first is still being written if there was nothing to read.
      if (!moved && turn == 0) std::this_thread::sleep_for(kReservationPoll);
    }
  }
}

bool RingBuffer::waitForRecords() {
  epoll_event event{};
  epoll_wait(events_.number(), &event, 1, kLongestWaitMilliseconds);
  const std::lock_guard<std::mutex> lock(mutex_);
  return !stopped_;
}

std::uint64_t RingBuffer::producerPosition() const {
  return __atomic_load_n(reinterpret_cast<const std::uint64_t*>(producer_.bytes()), __ATOMIC_SEQ_CST);
}

bool RingBuffer::consume() {
  const std::uint64_t start = position_;
  const std::uint64_t produced = producerPosition();
  while (position_ < produced && position_ - start < kTurn) {
    const std::uint8_t* record = data_ + (position_ & (size_ - 1));
    const std::uint32_t header = __atomic_load_n(reinterpret_cast<const std::uint32_t*>(record), __ATOMIC_ACQUIRE);
    if ((header & BPF_RINGBUF_BUSY_BIT) != 0) break;
    const std::uint32_t length = header & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
    const std::size_t total = (BPF_RINGBUF_HDR_SZ + std::size_t{length} + 7) / 8 * 8;
    if ((header & BPF_RINGBUF_DISCARD_BIT) == 0) {
      full_ = !waiting_.empty() && waiting_.size() + total > kMostWaiting;
      if (full_) break;
      const std::size_t at = waiting_.size();
      waiting_.insert(waiting_.end(), record, record + total);
      // The second half of the kernel's header is its own: here it is padding.
      std::fill_n(waiting_.begin() + static_cast<std::ptrdiff_t>(at + sizeof length), sizeof length, std::uint8_t{0});
    }
    position_ += total;
  }
  if (position_ == start) return false;
  // The kernel wakes us only for a record written where we stand, so our step must be seen before we look for more.
  __atomic_store_n(reinterpret_cast<std::uint64_t*>(consumer_.bytes()), position_, __ATOMIC_SEQ_CST);
  return true;
}

bool RingBuffer::take(std::vector<std::uint8_t>& records) {
  records.clear();
  bool isFlood;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    records.swap(waiting_);
    isFlood = records.size() >= kTurn;
    announced_ = isFlood;
    full_ = false;
  }
  room_.notify_one();
  return isFlood;
}

RingBuffer::Position RingBuffer::end() const { return {producerPosition()}; }

bool RingBuffer::takeUntil(Position end, std::vector<std::uint8_t>& records) {
  const auto patience = std::chrono::steady_clock::now() + kLongestReservation;
  for (;;) {
    bool isBehindEnd;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      while (!full_ && consume()) continue;
      isBehindEnd = position_ >= end.value;
    }
    const bool isFlood = take(records);
    if (!records.empty() || isBehindEnd || std::chrono::steady_clock::now() >= patience) return isFlood;
    std::this_thread::sleep_for(kReservationPoll);
  }
}

}  // namespace tapbook

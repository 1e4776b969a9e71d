#include "mapping_records.hpp"

#include <unistd.h>

#include <string>

#include "attach/perf_event.hpp"
#include "machine.hpp"

namespace tapbook {
namespace {

/** Of one CPU: some hundreds of records. */
constexpr std::size_t kDataSize = 128 * 1024;

}  // namespace

MappingRecords::MappingRecords(pid_t process) {
  const std::string operation = process == kEveryProcess ? "record what processes map"
                                                         : "record the mappings of process " + std::to_string(process);
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.config = PERF_COUNT_SW_DUMMY;
  attributes.sample_type = PERF_SAMPLE_TIME;
  attributes.sample_id_all = 1;
  attributes.inherit = process != kEveryProcess;
  attributes.mmap = 1;
  attributes.mmap2 = 1;
  attributes.comm = 1;
  attributes.comm_exec = 1;
  attributes.task = 1;
  attributes.exclude_kernel = 1;
  // An event that is inherited has a buffer only where it is of one CPU.
  for (const int cpu : onlineCpuNumbers()) {
    FileDescriptor event = openEvent(attributes, {process, cpu}, operation);
    MemoryMapping memory(event.number(), page + kDataSize, PROT_READ | PROT_WRITE, 0, operation);
    buffers_.push_back({std::move(event), std::move(memory)});
  }
}

std::vector<std::uint8_t> MappingRecords::take() {
  std::vector<std::uint8_t> records;
  for (const Buffer& buffer : buffers_) {
    auto* control = reinterpret_cast<perf_event_mmap_page*>(buffer.memory.bytes());
    const std::uint8_t* data = buffer.memory.bytes() + (buffer.memory.size() - kDataSize);
    const std::uint64_t head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);
    for (std::uint64_t place = control->data_tail; place < head; place++) records.push_back(data[place % kDataSize]);
    __atomic_store_n(&control->data_tail, head, __ATOMIC_RELEASE);
  }
  return records;
}

}  // namespace tapbook

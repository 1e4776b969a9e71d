#include "program.hpp"

#include <bpf/bpf.h>
#include <linux/btf.h>

#include <cerrno>
#include <cstring>

#include "blocked_signals.hpp"
#include "error.hpp"
#include "kernel_interface.hpp"
#include "kernel_name.hpp"

namespace tapbook {
namespace {

constexpr std::uint32_t kFailureLog = 1;
constexpr std::uint32_t kFullLog = 2;
constexpr std::uint32_t kLogStatistics = 4;
constexpr std::size_t kFirstLogSize = std::size_t{64} << 10;
constexpr std::size_t kLastLogSize = std::size_t{64} << 20;
/** A verifier that is interrupted starts from the beginning; what interrupts it so often will not stop. */
constexpr int kAttempts = 100;

struct KernelType {
  bpf_prog_type type = BPF_PROG_TYPE_UNSPEC;
  std::uint32_t attachType = 0;
};

KernelType kernelType(ProgramType type) {
  switch (type) {
    case ProgramType::BtfTracepoint:
      return {BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP};
    case ProgramType::RawTracepoint:
      return {BPF_PROG_TYPE_RAW_TRACEPOINT};
    case ProgramType::Tracepoint:
      return {BPF_PROG_TYPE_TRACEPOINT};
    case ProgramType::PerfEvent:
      return {BPF_PROG_TYPE_PERF_EVENT};
    case ProgramType::Kprobe:
      return {BPF_PROG_TYPE_KPROBE};
    case ProgramType::KprobeMulti:
      return {BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI};
    case ProgramType::UprobeMulti:
      return {BPF_PROG_TYPE_KPROBE, kAttachUprobeMulti};
    case ProgramType::FunctionEntry:
      return {BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY};
    case ProgramType::FunctionExit:
      return {BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT};
    case ProgramType::Lsm:
      return {BPF_PROG_TYPE_LSM, BPF_LSM_MAC};
    case ProgramType::Netfilter:
      return {static_cast<bpf_prog_type>(kNetfilterProgram), kAttachNetfilter};
    case ProgramType::Syscall:
      return {BPF_PROG_TYPE_SYSCALL};
    case ProgramType::SocketFilter:
      return {BPF_PROG_TYPE_SOCKET_FILTER};
  }
  return {};
}

std::vector<bpf_insn> relocated(const ProgramOptions& options, const std::string& operation) {
  std::vector<bpf_insn> instructions(options.instructions.size() / sizeof(bpf_insn));
  if (!instructions.empty()) {
    std::memcpy(instructions.data(), options.instructions.data(), instructions.size() * sizeof(bpf_insn));
  }
  for (const Relocation& relocation : options.relocations) {
    if (relocation.instruction + std::size_t{1} >= instructions.size()) throw Error(EINVAL, operation);
    bpf_insn& first = instructions[relocation.instruction];
    if (first.code != (BPF_LD | BPF_IMM | BPF_DW)) throw Error(EINVAL, operation);
    first.src_reg = relocation.toValue ? BPF_PSEUDO_MAP_VALUE : BPF_PSEUDO_MAP_FD;
    first.imm = relocation.mapDescriptor;
  }
  return instructions;
}

FileDescriptor loadTypes(const ProgramOptions& options, const std::string& operation) {
  if (options.btf.empty()) return FileDescriptor();
  std::vector<char> log(kFirstLogSize);
  LIBBPF_OPTS(bpf_btf_load_opts, loading);
  loading.log_buf = log.data();
  loading.log_size = static_cast<std::uint32_t>(log.size());
  loading.log_level = kFailureLog;
  FileDescriptor types(bpf_btf_load(options.btf.data(), options.btf.size(), &loading));
  if (!types.isOpen()) throw Error(errno, "load the types of" + operation.substr(std::strlen("load")), log.data());
  return types;
}

/** Whether the kernel is told, as it loads the program, what it will be attached to. */
bool isTyped(ProgramType type) {
  return type == ProgramType::BtfTracepoint || type == ProgramType::FunctionEntry ||
         type == ProgramType::FunctionExit || type == ProgramType::Lsm;
}

/** What the kernel answers where something came between, and nothing is wrong with the program. */
bool isInterruption(int number) { return number == EAGAIN || number == EINTR; }

/** One program on its way into the kernel. */
class Loading {
 public:
  Loading(const ProgramOptions& options, TypesByModule& types)
      : operation_("load program " + quoted(options.name)),
        type_(kernelType(options.type)),
        name_(kernelName(options.name)),
        instructions_(relocated(options, operation_)),
        types_(loadTypes(options, operation_)) {
    loading_.expected_attach_type = static_cast<bpf_attach_type>(type_.attachType);
    if (isTyped(options.type)) {
      const std::shared_ptr<const KernelTypes> where = types.of(options.attachModule);
      loading_.attach_btf_id = options.type == ProgramType::BtfTracepoint ? where->tracepoint(options.attachTo)
                                                                          : where->function(options.attachTo);
      if (!options.attachModule.empty()) {
        module_ = openModuleTypes(options.attachModule);
        loading_.attach_btf_obj_fd = static_cast<std::uint32_t>(module_.number());
      }
    }
    // The kernel takes programs of this type only if they may sleep.
    if (options.type == ProgramType::Syscall) loading_.prog_flags |= BPF_F_SLEEPABLE;
    if (!types_.isOpen()) return;
    loading_.prog_btf_fd = static_cast<std::uint32_t>(types_.number());
    loading_.func_info = options.functionInfo.data();
    loading_.func_info_rec_size = sizeof(bpf_func_info);
    loading_.func_info_cnt = static_cast<std::uint32_t>(options.functionInfo.size() / sizeof(bpf_func_info));
    loading_.line_info = options.lineInfo.data();
    loading_.line_info_rec_size = sizeof(bpf_line_info);
    loading_.line_info_cnt = static_cast<std::uint32_t>(options.lineInfo.size() / sizeof(bpf_line_info));
  }

  const std::string& operation() const { return operation_; }

  FileDescriptor withoutLog() { return load(0, nullptr, 0); }

  /** Loads with a log that grows until all of it fits; `errno` is then the verifier's own. */
  FileDescriptor withLog(std::uint32_t level, std::string& log) {
    for (std::size_t size = kFirstLogSize;; size *= 4) {
      std::vector<char> buffer(size);
      FileDescriptor program = load(level, buffer.data(), buffer.size());
      const int number = errno;
      const bool isCut = !program.isOpen() && number == ENOSPC && size < kLastLogSize;
      if (!isCut) {
        log.assign(buffer.data(), strnlen(buffer.data(), buffer.size()));
        errno = number;
        return program;
      }
    }
  }

 private:
  FileDescriptor load(std::uint32_t level, char* log, std::size_t size) {
    loading_.log_level = level;
    loading_.log_buf = log;
    loading_.log_size = static_cast<std::uint32_t>(size);
    // A signal that waits makes the verifier give up: profilers and timers would never let a large program in.
    const BlockedSignals blocked;
    for (int attempt = 1;; attempt++) {
      FileDescriptor program(bpf_prog_load(type_.type, name_.c_str(), "Dual MIT/GPL", instructions_.data(),
                                           instructions_.size(), &loading_));
      if (program.isOpen() || !isInterruption(errno) || attempt == kAttempts) return program;
    }
  }

  std::string operation_;
  KernelType type_;
  std::string name_;
  std::vector<bpf_insn> instructions_;
  FileDescriptor types_;
  FileDescriptor module_;
  bpf_prog_load_opts loading_ = [] {
    LIBBPF_OPTS(bpf_prog_load_opts, empty);
    empty.attempts = 1;
    return empty;
  }();
};

bpf_prog_info informationOf(int descriptor, const std::string& operation) {
  bpf_prog_info info{};
  std::uint32_t size = sizeof info;
  if (bpf_obj_get_info_by_fd(descriptor, &info, &size) != 0) throw Error(errno, operation);
  return info;
}

}  // namespace

Program::Program(const ProgramOptions& options, TypesByModule& types)
    : name_(options.name), attachTo_(options.attachTo) {
  Loading loading(options, types);
  // Writing the log costs the verifier several times its work, so it is asked for only where it is wanted.
  if (options.wantLog) descriptor_ = loading.withLog(kFullLog | kLogStatistics, verifierLog_);
  if (!descriptor_.isOpen()) descriptor_ = loading.withoutLog();
  if (!descriptor_.isOpen()) {
    const int number = errno;
    if (isInterruption(number)) {
      throw Error(number,
                  loading.operation() + ", the verifier being interrupted " + std::to_string(kAttempts) + " times");
    }
    descriptor_ = loading.withLog(kFailureLog, verifierLog_);
    // The first answer is the true one: the second may be that the log, at its largest, was still too small.
    if (!descriptor_.isOpen()) throw Error(number, loading.operation(), verifierLog_);
  }
  id_ = informationOf(descriptor(), "read the id of program " + quoted(name_)).id;
}

ProgramStatistics Program::statistics() const {
  const bpf_prog_info info = informationOf(descriptor(), "read the statistics of program " + quoted(name_));
  ProgramStatistics statistics;
  statistics.runCount = info.run_cnt;
  statistics.runTimeNanoseconds = info.run_time_ns;
  statistics.recursionMisses = info.recursion_misses;
  statistics.verifiedInstructions = info.verified_insns;
  statistics.translatedSize = info.xlated_prog_len;
  statistics.jitedSize = info.jited_prog_len;
  return statistics;
}

TestRunResult Program::testRun(const TestRunOptions& options) const {
  LIBBPF_OPTS(bpf_test_run_opts, run);
  if (!options.context.empty()) {
    run.ctx_in = options.context.data();
    run.ctx_size_in = static_cast<std::uint32_t>(options.context.size());
  }
  if (!options.data.empty()) {
    run.data_in = options.data.data();
    run.data_size_in = static_cast<std::uint32_t>(options.data.size());
  }
  run.repeat = static_cast<int>(options.repeat);
  if (options.cpu >= 0) {
    run.flags = BPF_F_TEST_RUN_ON_CPU;
    run.cpu = static_cast<std::uint32_t>(options.cpu);
  }
  if (bpf_prog_test_run_opts(descriptor(), &run) != 0) throw Error(errno, "test program " + quoted(name_));
  TestRunResult result;
  result.returnValue = run.retval;
  result.durationNanoseconds = run.duration;
  return result;
}

}  // namespace tapbook

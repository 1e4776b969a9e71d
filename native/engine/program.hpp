#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "file_descriptor.hpp"
#include "kernel_modules.hpp"
#include "map.hpp"

namespace tapbook {

enum class ProgramType {
  BtfTracepoint,
  RawTracepoint,
  Tracepoint,
  PerfEvent,
  /** Of kprobes, kretprobes, uprobes and uretprobes. */
  Kprobe,
  KprobeMulti,
  UprobeMulti,
  FunctionEntry,
  FunctionExit,
  Lsm,
  Netfilter,
  Syscall,
  SocketFilter
};

/** Where an `lddw` instruction gets a map's pointer, or the address of its first value. */
struct Relocation {
  /** Index of the first of the two slots. */
  std::uint32_t instruction = 0;
  int mapDescriptor = -1;
  bool toValue = false;
};

struct ProgramOptions {
  std::string name;
  ProgramType type = ProgramType::RawTracepoint;
  /** The tracepoint of a BtfTracepoint; the kernel function of a FunctionEntry, a FunctionExit or an Lsm. */
  std::string attachTo;
  /** The module that it is in; empty for the kernel itself. */
  std::string attachModule;
  /** Eight bytes an instruction, in the machine's byte order. */
  std::vector<std::uint8_t> instructions;
  std::vector<Relocation> relocations;
  std::vector<std::uint8_t> btf;
  /** Records of `struct bpf_func_info`. */
  std::vector<std::uint8_t> functionInfo;
  /** Records of `struct bpf_line_info`. */
  std::vector<std::uint8_t> lineInfo;
  bool wantLog = false;
};

struct ProgramStatistics {
  std::uint64_t runCount = 0;
  std::uint64_t runTimeNanoseconds = 0;
  std::uint64_t recursionMisses = 0;
  std::uint32_t verifiedInstructions = 0;
  std::uint32_t translatedSize = 0;
  std::uint32_t jitedSize = 0;
};

struct TestRunOptions {
  std::vector<std::uint8_t> context;
  std::vector<std::uint8_t> data;
  std::uint32_t repeat = 0;
  /** -1 for any. */
  int cpu = -1;
};

struct TestRunResult {
  std::uint32_t returnValue = 0;
  std::uint32_t durationNanoseconds = 0;
};

/** A loaded BPF program. */
class Program {
 public:
  /** `types` is asked only for the number of what `attachTo` names. */
  Program(const ProgramOptions& options, TypesByModule& types);

  int descriptor() const { return descriptor_.number(); }
  std::uint32_t id() const { return id_; }
  const std::string& name() const { return name_; }
  const std::string& attachTo() const { return attachTo_; }
  const std::string& verifierLog() const { return verifierLog_; }
  ProgramStatistics statistics() const;
  TestRunResult testRun(const TestRunOptions& options) const;

 private:
  std::string name_;
  std::string attachTo_;
  FileDescriptor descriptor_;
  std::uint32_t id_ = 0;
  std::string verifierLog_;
};

}  // namespace tapbook

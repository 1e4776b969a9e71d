// The engine in a program without Node: what a privileged helper or a remote runner will do with it. Compiled with the
// address and undefined-behaviour sanitizers by engine_alone.test.ts.

#include <linux/bpf.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>

#include "../../native/engine/attach/breakpoint.hpp"
#include "../../native/engine/attach/btf_tracepoint.hpp"
#include "../../native/engine/attach/perf_event.hpp"
#include "../../native/engine/attach/raw_tracepoint.hpp"
#include "../../native/engine/attach/trace_file_system.hpp"
#include "../../native/engine/attach/tracepoint.hpp"
#include "../../native/engine/attach/uprobe.hpp"
#include "../../native/engine/capabilities.hpp"
#include "../../native/engine/elf/elf_object.hpp"
#include "../../native/engine/elf/linkage_table.hpp"
#include "../../native/engine/elf/static_probes.hpp"
#include "../../native/engine/error.hpp"
#include "../../native/engine/kernel_types.hpp"
#include "../../native/engine/machine.hpp"
#include "../../native/engine/map.hpp"
#include "../../native/engine/perf_counter.hpp"
#include "../../native/engine/program.hpp"
#include "../../native/engine/ring_buffer.hpp"
#include "../../native/engine/statistics.hpp"

using namespace tapbook;

namespace {

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "failed: %s\n", what);
  std::exit(1);
}

std::vector<std::uint8_t> bytesOf(const std::vector<bpf_insn>& instructions) {
  std::vector<std::uint8_t> bytes(instructions.size() * sizeof(bpf_insn));
  std::memcpy(bytes.data(), instructions.data(), bytes.size());
  return bytes;
}

Map makeMap(MapType type, std::uint32_t keySize, std::uint32_t valueSize, std::uint32_t entries,
            bool mmapable = false) {
  MapOptions options;
  options.name = "alone";
  options.type = type;
  options.keySize = keySize;
  options.valueSize = valueSize;
  options.maxEntries = entries;
  options.mmapable = mmapable;
  return Map(options);
}

ProgramOptions programOptions(ProgramType type, const std::vector<bpf_insn>& instructions) {
  ProgramOptions options;
  options.name = "alone";
  options.type = type;
  options.instructions = bytesOf(instructions);
  return options;
}

const std::vector<bpf_insn> kDoNothing = {{0xb7, 0, 0, 0, 0}, {0x95, 0, 0, 0, 0}};

void maps() {
  for (const MapType type : {MapType::Hash, MapType::PerCpuHash, MapType::Array, MapType::PerCpuArray}) {
    const Map map = makeMap(type, 4, 8, 10'000);
    std::vector<std::uint8_t> value(map.valueStride(), 1);
    for (std::uint32_t key = 0; key < 10'000; key++) {
      map.update(reinterpret_cast<std::uint8_t*>(&key), value.data(), UpdateMode::Any);
    }
    const MapEntries entries = map.entries();
    check(entries.count == 10'000 && entries.keys.size() == 40'000, "all entries are read");
    check(entries.values == std::vector<std::uint8_t>(10'000 * map.valueStride(), 1), "values are what was written");
    map.clear();
    const std::uint32_t key = 5;
    const bool isThere = map.lookup(reinterpret_cast<const std::uint8_t*>(&key), value.data());
    const bool isArray = type == MapType::Array || type == MapType::PerCpuArray;
    check(isThere == isArray && (!isArray || value[0] == 0), "clear removes or sets to zero");
  }
  Map shared = makeMap(MapType::Array, 4, 16, 1, true);
  shared.writeWord(8, 40);
  check(shared.fetchAdd(8, 2) == 40 && shared.readWord(8) == 42, "words are shared");
}

void types() {
  const KernelTypes types;
  const std::uint32_t id = types.find("task_struct", TypeKind::Struct);
  check(id != 0 && !types.type(id).members.empty(), "task_struct has members");
  for (const char* name : types.names(TypeKind::Struct, "task_")) check(types.find(name, TypeKind::Struct) != 0, name);
  // Every type of the kernel can be described.
  std::uint32_t count = 0;
  try {
    for (;; count++) types.type(count);
  } catch (const Error& error) {
    check(error.number() == ENOENT && count > 10'000, "types end");
  }
}

void programs() {
  TypesByModule types;
  const Program raw(programOptions(ProgramType::RawTracepoint, kDoNothing), types);
  const Link rawLink = attachRawTracepoint(raw, "sched_process_hang");
  ProgramOptions typed = programOptions(ProgramType::BtfTracepoint, kDoNothing);
  typed.attachTo = "sched_process_hang";
  const Program withTypes(typed, types);
  const Link typedLink = attachBtfTracepoint(withTypes);
  const Program classic(programOptions(ProgramType::Tracepoint, kDoNothing), types);
  const Link classicLink = attachTracepoint(classic, "sched", "sched_process_hang");
  const Program sampling(programOptions(ProgramType::PerfEvent, kDoNothing), types);
  PerfEventOptions clock;
  clock.type = PERF_TYPE_SOFTWARE;
  clock.sample = 99;
  clock.byFrequency = true;
  clock.pid = 0;
  const Link sampleLink = attachPerfEvent(sampling, clock);
  const Link statistics = enableStatistics();
  check(raw.statistics().verifiedInstructions == 2, "the verifier saw both instructions");
  try {
    const Program bad(programOptions(ProgramType::RawTracepoint, {{0xbf, 0, 3, 0, 0}, {0x95, 0, 0, 0, 0}}), types);
    check(false, "an unreadable register is refused");
  } catch (const Error& error) {
    check(error.code() == "EACCES" && error.verifierLog().find("!read_ok") != std::string::npos, error.what());
  }
}

/** What a debugger of this very program would set. */
__attribute__((noinline)) void watched(volatile long& variable) { variable = variable + 1; }

void ownProcess() {
  TypesByModule types;
  // r1 = the counter's address; r2 = 1; lock *r1 += r2; r0 = 0; exit
  const std::vector<bpf_insn> count = {
      {0x18, 1, 0, 0, 0}, {0, 0, 0, 0, 0},    {0xb7, 2, 0, 0, 1},
      {0xdb, 1, 2, 0, 0}, {0xb7, 0, 0, 0, 0}, {0x95, 0, 0, 0, 0},
  };
  Map counter = makeMap(MapType::Array, 4, 8, 1, true);
  Relocation relocation;
  relocation.mapDescriptor = counter.descriptor();
  relocation.toValue = true;
  ProgramOptions options = programOptions(ProgramType::PerfEvent, count);
  options.relocations.push_back(relocation);
  const Program sampling(options, types);
  volatile long variable = 0;
  BreakpointOptions breakpoint;
  breakpoint.address = reinterpret_cast<std::uint64_t>(&variable);
  breakpoint.pid = 0;
  {
    const Link link = attachBreakpoint(sampling, breakpoint);
    for (int turn = 0; turn < 30; turn++) watched(variable);
  }
  watched(variable);
  check(counter.readWord(0) == 30, "every write of a variable is seen while attached");

  options.type = ProgramType::Kprobe;
  const Program kprobe(options, types);
  UprobeOptions nowhere;
  nowhere.path = "/no/such/file";
  try {
    const Link link = attachUprobe(kprobe, nowhere);
    check(false, "a file that is not there is refused");
  } catch (const Error& error) {
    check(error.code() == "ENOENT", error.what());
  }

  PerfCounterOptions clock;
  clock.type = PERF_TYPE_SOFTWARE;
  clock.config = PERF_COUNT_SW_TASK_CLOCK;
  clock.pid = 0;
  const PerfCounter time(clock);
  const std::uint64_t first = time.read();
  check(time.read() > first, "time passes");

  check(classicTracepoints().size() > 100, "there are tracepoints");
  for (const std::string& module : modulesWithTypes()) types.of(module)->require();
}

void ringBuffer() {
  TypesByModule types;
  const Map ring = makeMap(MapType::RingBuffer, 0, 0, 1 << 20);
  ProgramOptions options = programOptions(ProgramType::SocketFilter, {{0x18, 1, 0, 0, 0},
                                                                      {0, 0, 0, 0, 0},
                                                                      {0xbf, 2, 10, 0, 0},
                                                                      {0x07, 2, 0, 0, -8},
                                                                      {0x7a, 10, 0, -8, 77},
                                                                      {0xb7, 3, 0, 0, 8},
                                                                      {0xb7, 4, 0, 0, 0},
                                                                      {0x85, 0, 0, 0, 130},
                                                                      {0xb7, 0, 0, 0, 0},
                                                                      {0x95, 0, 0, 0, 0}});
  Relocation relocation;
  relocation.mapDescriptor = ring.descriptor();
  options.relocations.push_back(relocation);
  const Program program(options, types);
  TestRunOptions run;
  run.data.resize(64);
  run.repeat = 10'000;

  std::atomic<int> announcements{0};
  RingBuffer buffer(ring, [&announcements] { announcements++; });
  std::size_t received = 0;
  std::vector<std::uint8_t> records;
  const std::uint8_t expected[16] = {8, 0, 0, 0, 0, 0, 0, 0, 77};
  for (int round = 1; round <= 20; round++) {
    program.testRun(run);
    const RingBuffer::Position end = buffer.end();
    for (buffer.takeUntil(end, records); !records.empty(); buffer.takeUntil(end, records)) {
      for (std::size_t at = 0; at < records.size(); at += sizeof expected) {
        check(std::memcmp(&records[at], expected, sizeof expected) == 0, "a record is what was sent");
      }
      received += records.size() / sizeof expected;
    }
    check(received == static_cast<std::size_t>(round) * 10'000, "every record is handed over");
  }
  program.testRun(run);
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (announcements == 0 && std::chrono::steady_clock::now() < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  check(announcements > 0, "records are announced");
  buffer.stop();
  buffer.stop();
}

void readByte(const std::vector<char>& file, std::size_t damaged, const char* path) {
  std::vector<char> copy = file;
  if (damaged < copy.size()) copy[damaged] = static_cast<char>(~copy[damaged]);
  std::ofstream(path, std::ios::binary).write(copy.data(), static_cast<std::streamsize>(copy.size()));
  try {
    ElfObject elf{ElfFile(path)};
    elf.symbols().at(elf.file().offsetOf(0x1000).value_or(0));
    linkageEntries(elf.file());
    staticProbes(elf.file());
  } catch (const Error& error) {
    check(error.number() == ENOEXEC, error.what());
  }
}

/** This program itself, whole and with each part of its tables damaged. */
void elfFiles() {
  ElfObject elf{ElfFile("/proc/self/exe")};
  const std::vector<const ElfSymbol*> functions = elf.symbols().functions("main");
  check(functions.size() == 1, "main is a function");
  const std::uint64_t address = functions.front()->address;
  check(elf.symbols().at(address + 1) == functions.front(), "its second byte belongs to it");
  check(elf.hasDebugInformation() && elf.debug() != nullptr, "there is debug information");
  const auto line = elf.debug()->lineOf(address);
  check(line && line->file.find("engine_alone.cpp") != std::string::npos, "main is of this file");
  check(elf.debug()->functionAt(address).has_value(), "main is described");
  const std::uint32_t symbol = elf.debug()->types().find("ElfSymbol", TypeKind::Struct);
  check(elf.debug()->types().type(symbol).size == sizeof(ElfSymbol), "a type is as large as it is");

  std::ifstream small("/bin/true", std::ios::binary);
  const std::vector<char> file((std::istreambuf_iterator<char>(small)), std::istreambuf_iterator<char>());
  char path[] = "/tmp/tapbook-damaged-XXXXXX";
  close(mkstemp(path));
  for (std::size_t place = 0; place < sizeof(Elf64_Ehdr); place++) readByte(file, place, path);
  for (std::size_t place = 64; place < file.size(); place += 97) readByte(file, place, path);
  unlink(path);
}

}  // namespace

int main() {
  silenceLibbpf();
  check(possibleCpus() >= onlineCpus(), "CPUs are counted");
  check(!effectiveCapabilities().empty(), "there are capabilities");
  try {
    maps();
    types();
    programs();
    ownProcess();
    ringBuffer();
    elfFiles();
  } catch (const Error& error) {
    check(false, error.what());
  }
  std::puts("the engine works alone");
  return 0;
}

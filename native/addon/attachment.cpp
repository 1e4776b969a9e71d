#include "attachment.hpp"

#include <algorithm>
#include <cstdlib>

#include "../engine/attach/breakpoint.hpp"
#include "../engine/attach/btf_tracepoint.hpp"
#include "../engine/attach/kprobe.hpp"
#include "../engine/attach/kprobe_multi.hpp"
#include "../engine/attach/netfilter.hpp"
#include "../engine/attach/perf_event.hpp"
#include "../engine/attach/raw_tracepoint.hpp"
#include "../engine/attach/tracepoint.hpp"
#include "../engine/attach/trampoline.hpp"
#include "../engine/attach/uprobe.hpp"
#include "../engine/attach/uprobe_multi.hpp"

namespace tapbook {
namespace {

int processOrCpu(const Argument& given) { return static_cast<int>(given.whole(-1, INT32_MAX)); }

bool optionalFlag(const Argument& given) { return given.isGiven() && given.flag(); }

std::uint64_t optionalBits(const Argument& given) { return given.isGiven() ? given.bits64() : 0; }

std::vector<std::uint64_t> numbers(const Argument& given) {
  std::vector<std::uint64_t> numbers;
  for (const Argument& item : given.items()) numbers.push_back(item.bits64());
  return numbers;
}

/** A list that goes with another, or none. */
std::vector<std::uint64_t> optionalNumbers(const Argument& given, std::size_t count) {
  if (!given.isGiven()) return {};
  std::vector<std::uint64_t> found = numbers(given);
  if (found.size() != count) given.refuse("must have " + std::to_string(count) + " items");
  return found;
}

bool isAddress(const std::string& function) { return function.rfind("0x", 0) == 0; }

std::uint64_t address(const Argument& given) {
  const std::string text = given.text();
  char* end = nullptr;
  const std::uint64_t address = std::strtoull(text.c_str(), &end, 16);
  if (*end != '\0') given.refuse("must be an address in hexadecimal digits");
  return address;
}

PerfEventOptions perfEventOptions(const Argument& given) {
  PerfEventOptions options;
  options.type = given.field("type").unsigned32();
  options.config = given.field("config").bits64();
  options.config1 = optionalBits(given.field("config1"));
  options.config2 = optionalBits(given.field("config2"));
  const Argument sample = given.field("sample");
  options.byFrequency = sample.field("kind").oneOf<bool>({{"frequency", true}, {"period", false}});
  constexpr std::int64_t most = std::int64_t{1} << 53;
  options.sample = static_cast<std::uint64_t>(sample.field(options.byFrequency ? "hertz" : "events").whole(1, most));
  options.cpu = processOrCpu(given.field("cpu"));
  options.pid = processOrCpu(given.field("pid"));
  options.inherited = optionalFlag(given.field("inherited"));
  return options;
}

BreakpointOptions breakpointOptions(const Argument& given) {
  BreakpointOptions options;
  options.address = given.field("address").bits64();
  options.length = given.field("length").unsigned32();
  options.access = given.field("access").oneOf<BreakpointAccess>({{"write", BreakpointAccess::Write},
                                                                  {"read_write", BreakpointAccess::ReadWrite},
                                                                  {"execute", BreakpointAccess::Execute}});
  options.cpu = processOrCpu(given.field("cpu"));
  options.pid = processOrCpu(given.field("pid"));
  options.inherited = optionalFlag(given.field("inherited"));
  return options;
}

KprobeOptions kprobeOptions(const Argument& given) {
  KprobeOptions options;
  const Argument function = given.field("function");
  options.function = function.text();
  if (isAddress(options.function)) address(function);
  options.offset = given.field("offset").bits64();
  options.isReturn = given.field("isReturn").flag();
  options.cookie = optionalBits(given.field("cookie"));
  const Argument maxActive = given.field("maxActive");
  if (maxActive.isGiven()) options.maxActive = maxActive.unsigned32();
  return options;
}

KprobeMultiOptions kprobeMultiOptions(const Argument& given) {
  KprobeMultiOptions options;
  const Argument functions = given.field("functions");
  for (const Argument& item : functions.items()) options.functions.push_back(item.text());
  const std::size_t count = options.functions.size();
  const auto addresses = std::count_if(options.functions.begin(), options.functions.end(), isAddress);
  if (addresses != 0 && static_cast<std::size_t>(addresses) != count) {
    functions.refuse("must be all names or all addresses");
  }
  if (addresses != 0) {
    for (const Argument& item : functions.items()) options.addresses.push_back(address(item));
    options.functions.clear();
  }
  options.isReturn = given.field("isReturn").flag();
  options.cookies = optionalNumbers(given.field("cookies"), count);
  return options;
}

UprobeOptions uprobeOptions(const Argument& given) {
  UprobeOptions options;
  options.path = given.field("path").text();
  options.offset = given.field("offset").bits64();
  options.isReturn = given.field("isReturn").flag();
  options.pid = processOrCpu(given.field("pid"));
  options.referenceCounterOffset = optionalBits(given.field("referenceCounterOffset"));
  options.cookie = optionalBits(given.field("cookie"));
  return options;
}

UprobeMultiOptions uprobeMultiOptions(const Argument& given) {
  UprobeMultiOptions options;
  options.path = given.field("path").text();
  options.offsets = numbers(given.field("offsets"));
  options.isReturn = given.field("isReturn").flag();
  options.pid = processOrCpu(given.field("pid"));
  options.referenceCounterOffsets = optionalNumbers(given.field("referenceCounterOffsets"), options.offsets.size());
  options.cookies = optionalNumbers(given.field("cookies"), options.offsets.size());
  return options;
}

NetfilterOptions netfilterOptions(const Argument& given) {
  NetfilterOptions options;
  options.protocolFamily = given.field("protocolFamily").unsigned32();
  options.hook = given.field("hook").unsigned32();
  options.priority = static_cast<std::int32_t>(given.field("priority").whole(INT32_MIN, INT32_MAX));
  return options;
}

template <typename Options, Link (*attach)(const Program&, const Options&)>
Attachment with(Options options) {
  return [options](const Program& program) { return attach(program, options); };
}

Attachment trampoline(const Argument& given, Trampoline kind) {
  return [kind, cookie = optionalBits(given.field("cookie"))](const Program& program) {
    return attachTrampoline(program, kind, cookie);
  };
}

Attachment btfTracepoint(const Argument& given) {
  return [cookie = optionalBits(given.field("cookie"))](const Program& program) {
    return attachBtfTracepoint(program, cookie);
  };
}

Attachment rawTracepoint(const Argument& given) {
  return [name = given.field("tracepoint").text(), cookie = optionalBits(given.field("cookie"))](
             const Program& program) { return attachRawTracepoint(program, name, cookie); };
}

Attachment tracepoint(const Argument& given) {
  return [group = given.field("group").text(), name = given.field("name").text(),
          cookie = optionalBits(given.field("cookie"))](const Program& program) {
    return attachTracepoint(program, group, name, cookie);
  };
}

using Reader = Attachment (*)(const Argument&);

}  // namespace

Attachment attachment(const Argument& given) {
  const auto read =
      given.field("mechanism")
          .oneOf<Reader>({
              {"tp_btf", btfTracepoint},
              {"raw_tracepoint", rawTracepoint},
              {"tracepoint", tracepoint},
              {"fentry", [](const Argument& options) { return trampoline(options, Trampoline::FunctionEntry); }},
              {"fexit", [](const Argument& options) { return trampoline(options, Trampoline::FunctionExit); }},
              {"lsm", [](const Argument& options) { return trampoline(options, Trampoline::Lsm); }},
              {"kprobe",
               [](const Argument& options) { return with<KprobeOptions, attachKprobe>(kprobeOptions(options)); }},
              {"kprobe_multi",
               [](const Argument& options) {
                 return with<KprobeMultiOptions, attachKprobeMulti>(kprobeMultiOptions(options));
               }},
              {"uprobe",
               [](const Argument& options) { return with<UprobeOptions, attachUprobe>(uprobeOptions(options)); }},
              {"uprobe_multi",
               [](const Argument& options) {
                 return with<UprobeMultiOptions, attachUprobeMulti>(uprobeMultiOptions(options));
               }},
              {"perf_event",
               [](const Argument& options) {
                 return with<PerfEventOptions, attachPerfEvent>(perfEventOptions(options));
               }},
              {"breakpoint",
               [](const Argument& options) {
                 return with<BreakpointOptions, attachBreakpoint>(breakpointOptions(options));
               }},
              {"netfilter",
               [](const Argument& options) {
                 return with<NetfilterOptions, attachNetfilter>(netfilterOptions(options));
               }},
          });
  return read(given);
}

}  // namespace tapbook

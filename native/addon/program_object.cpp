#include "program_object.hpp"

#include "../engine/attach/btf_tracepoint.hpp"
#include "../engine/attach/perf_event.hpp"
#include "../engine/attach/raw_tracepoint.hpp"
#include "../engine/attach/tracepoint.hpp"
#include "link_object.hpp"
#include "map_object.hpp"

namespace tapbook {
namespace {

constexpr std::size_t kInstructionSize = 8;

PerfEventOptions perfEventOptions(const Argument& given) {
  PerfEventOptions options;
  options.type = given.field("type").unsigned32();
  options.config = given.field("config").bits64();
  const Argument sample = given.field("sample");
  options.byFrequency = sample.field("kind").oneOf<bool>({{"frequency", true}, {"period", false}});
  constexpr std::int64_t most = std::int64_t{1} << 53;
  options.sample = static_cast<std::uint64_t>(sample.field(options.byFrequency ? "hertz" : "events").whole(1, most));
  options.cpu = static_cast<int>(given.field("cpu").whole(-1, INT32_MAX));
  options.pid = static_cast<int>(given.field("pid").whole(-1, INT32_MAX));
  return options;
}

enum class Mechanism { BtfTracepoint, RawTracepoint, Tracepoint, PerfEvent };

Link attachAsAsked(const Program& program, const Argument& given) {
  switch (given.field("mechanism")
              .oneOf<Mechanism>({{"tp_btf", Mechanism::BtfTracepoint},
                                 {"raw_tracepoint", Mechanism::RawTracepoint},
                                 {"tracepoint", Mechanism::Tracepoint},
                                 {"perf_event", Mechanism::PerfEvent}})) {
    case Mechanism::BtfTracepoint:
      return attachBtfTracepoint(program);
    case Mechanism::RawTracepoint:
      return attachRawTracepoint(program, given.field("tracepoint").text());
    case Mechanism::Tracepoint:
      return attachTracepoint(program, given.field("group").text(), given.field("name").text());
    case Mechanism::PerfEvent:
      return attachPerfEvent(program, perfEventOptions(given));
  }
  given.refuse("has no known mechanism");
}

Relocation relocation(const Argument& given, const Argument& instructions) {
  Relocation relocation;
  const Argument instruction = given.field("instruction");
  const auto slots = static_cast<std::int64_t>(instructions.bytes().length / kInstructionSize);
  relocation.instruction = static_cast<std::uint32_t>(instruction.whole(0, slots - 2));
  constexpr std::uint8_t loadDoubleWord = 0x18;
  if (instructions.bytes().data[relocation.instruction * kInstructionSize] != loadDoubleWord) {
    instruction.refuse("must be the index of an lddw instruction");
  }
  relocation.mapDescriptor = MapObject::from(given.field("map"), "NativeMap").map().descriptor();
  relocation.toValue = given.field("kind").oneOf<bool>({{"map", false}, {"value", true}});
  return relocation;
}

std::vector<std::uint8_t> optionalBytes(const Argument& given) {
  return given.isGiven() ? given.bytes().copy() : std::vector<std::uint8_t>();
}

}  // namespace

const napi_type_tag ProgramObject::kTag = {0x5f2d1c9a7b3e4d02, 0x9c41f6b2a8d7e302};

Napi::Function ProgramObject::define(Napi::Env env) {
  return DefineClass(env, "NativeProgram",
                     {
                         InstanceMethod("statistics", &ProgramObject::guarded<&ProgramObject::statistics>),
                         InstanceMethod("testRun", &ProgramObject::guarded<&ProgramObject::testRun>),
                         InstanceMethod("attach", &ProgramObject::guarded<&ProgramObject::attach>),
                         InstanceMethod("close", &ProgramObject::close),
                     });
}

ProgramObject::ProgramObject(const Napi::CallbackInfo& info) : HandleObject(info) {
  const Program& program = held().object();
  defineValue(info, "id", Napi::Number::New(info.Env(), program.id()));
  defineValue(info, "name", Napi::String::New(info.Env(), program.name()));
  defineValue(info, "verifierLog", Napi::String::New(info.Env(), program.verifierLog()));
}

Napi::Value ProgramObject::statistics(const Napi::CallbackInfo& info) {
  const ProgramStatistics statistics = held().object().statistics();
  auto object = Napi::Object::New(info.Env());
  object.Set("runCount", Napi::BigInt::New(info.Env(), statistics.runCount));
  object.Set("runTimeNanoseconds", Napi::BigInt::New(info.Env(), statistics.runTimeNanoseconds));
  object.Set("recursionMisses", Napi::BigInt::New(info.Env(), statistics.recursionMisses));
  object.Set("verifiedInstructions", statistics.verifiedInstructions);
  object.Set("translatedSize", statistics.translatedSize);
  object.Set("jitedSize", statistics.jitedSize);
  return object;
}

Napi::Value ProgramObject::testRun(const Napi::CallbackInfo& info) {
  const Argument given(info, 0, "testRun: options");
  TestRunOptions options;
  options.context = optionalBytes(given.field("context"));
  options.data = optionalBytes(given.field("data"));
  const Argument repeat = given.field("repeat");
  if (repeat.isGiven()) options.repeat = static_cast<std::uint32_t>(repeat.whole(1, INT32_MAX));
  const Argument cpu = given.field("cpu");
  if (cpu.isGiven()) options.cpu = static_cast<int>(cpu.whole(0, INT32_MAX));

  const TestRunResult result = held().object().testRun(options);
  auto object = Napi::Object::New(info.Env());
  object.Set("returnValue", result.returnValue);
  object.Set("durationNanoseconds", result.durationNanoseconds);
  return object;
}

Napi::Value ProgramObject::attach(const Napi::CallbackInfo& info) {
  return linkObject(info.Env(), attachAsAsked(held().object(), Argument(info, 0, "attach: options")));
}

Napi::Value loadProgram(const Napi::CallbackInfo& info) {
  const Argument given(info, 0, "loadProgram: options");
  ProgramOptions options;
  options.name = given.field("name").text();
  options.type = given.field("type").oneOf<ProgramType>({{"tp_btf", ProgramType::BtfTracepoint},
                                                         {"raw_tracepoint", ProgramType::RawTracepoint},
                                                         {"tracepoint", ProgramType::Tracepoint},
                                                         {"perf_event", ProgramType::PerfEvent},
                                                         {"kprobe", ProgramType::Kprobe},
                                                         {"syscall", ProgramType::Syscall},
                                                         {"socket_filter", ProgramType::SocketFilter}});
  if (options.type == ProgramType::BtfTracepoint) options.attachTo = given.field("attachTo").text();
  const Argument instructions = given.field("instructions");
  options.instructions = instructions.bytes().copy();
  if (options.instructions.size() % kInstructionSize != 0) {
    instructions.refuse("must have a multiple of 8 bytes");
  }
  for (const Argument& item : given.field("relocations").items()) {
    options.relocations.push_back(relocation(item, instructions));
  }
  options.btf = optionalBytes(given.field("btf"));
  options.functionInfo = optionalBytes(given.field("functionInfo"));
  options.lineInfo = optionalBytes(given.field("lineInfo"));
  options.wantLog = given.field("wantLog").flag();

  Environment& environment = Environment::of(info.Env());
  auto held =
      std::make_shared<Owner<Program>>("program \"" + options.name + "\"", Program(options, environment.kernelTypes));
  return ProgramObject::create(info.Env(), environment.programClass, std::move(held));
}

}  // namespace tapbook

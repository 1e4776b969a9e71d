#include "program_object.hpp"

#include "attachment.hpp"
#include "link_object.hpp"
#include "map_object.hpp"

namespace tapbook {
namespace {

constexpr std::size_t kInstructionSize = 8;

constexpr std::initializer_list<std::pair<const char*, ProgramType>> kProgramTypes = {
    {"tp_btf", ProgramType::BtfTracepoint},
    {"raw_tracepoint", ProgramType::RawTracepoint},
    {"tracepoint", ProgramType::Tracepoint},
    {"perf_event", ProgramType::PerfEvent},
    {"kprobe", ProgramType::Kprobe},
    {"kprobe_multi", ProgramType::KprobeMulti},
    {"uprobe_multi", ProgramType::UprobeMulti},
    {"fentry", ProgramType::FunctionEntry},
    {"fexit", ProgramType::FunctionExit},
    {"lsm", ProgramType::Lsm},
    {"netfilter", ProgramType::Netfilter},
    {"syscall", ProgramType::Syscall},
    {"socket_filter", ProgramType::SocketFilter},
};

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

void ProgramObject::describe(Napi::Object object, Owner<std::shared_ptr<Program>>& held) {
  const Program& loaded = *held.object();
  defineValue(object, "id", Napi::Number::New(object.Env(), loaded.id()));
  defineValue(object, "name", Napi::String::New(object.Env(), loaded.name()));
  defineValue(object, "verifierLog", Napi::String::New(object.Env(), loaded.verifierLog()));
}

Napi::Value ProgramObject::statistics(const Napi::CallbackInfo& info) {
  const ProgramStatistics statistics = program().statistics();
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

  const TestRunResult result = program().testRun(options);
  auto object = Napi::Object::New(info.Env());
  object.Set("returnValue", result.returnValue);
  object.Set("durationNanoseconds", result.durationNanoseconds);
  return object;
}

Napi::Value ProgramObject::attach(const Napi::CallbackInfo& info) {
  return linkObject(info.Env(), attachment(Argument(info, 0, "attach: options"))(program()));
}

Napi::Value loadProgram(const Napi::CallbackInfo& info) {
  const Argument given(info, 0, "loadProgram: options");
  ProgramOptions options;
  options.name = given.field("name").text();
  options.type = given.field("type").oneOf<ProgramType>(kProgramTypes);
  const Argument attachTo = given.field("attachTo");
  const bool isTyped = options.type == ProgramType::BtfTracepoint || options.type == ProgramType::FunctionEntry ||
                       options.type == ProgramType::FunctionExit || options.type == ProgramType::Lsm;
  if (isTyped || attachTo.isGiven()) options.attachTo = attachTo.text();
  const Argument attachModule = given.field("attachModule");
  if (attachModule.isGiven()) options.attachModule = attachModule.text();
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
  using Held = Owner<std::shared_ptr<Program>>;
  auto held =
      std::make_shared<Held>("program \"" + options.name + "\"", std::make_shared<Program>(options, environment.types));
  return ProgramObject::create(info.Env(), environment.programClass, std::move(held));
}

}  // namespace tapbook

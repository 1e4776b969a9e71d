// Everything that JavaScript sees; the signatures are `Native` in kernel/tracing/native.ts.

#include <napi.h>

#include "../engine/attach/trace_file_system.hpp"
#include "../engine/capabilities.hpp"
#include "../engine/demangled.hpp"
#include "../engine/kernel_modules.hpp"
#include "../engine/machine.hpp"
#include "../engine/statistics.hpp"
#include "answer.hpp"
#include "array_of.hpp"
#include "elf_object.hpp"
#include "environment.hpp"
#include "link_object.hpp"
#include "many_links.hpp"
#include "map_object.hpp"
#include "mapping_records_object.hpp"
#include "perf_counter_object.hpp"
#include "program_object.hpp"
#include "ring_buffer_object.hpp"
#include "types_object.hpp"

namespace tapbook {
namespace {

Napi::Value possibleCpusValue(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), possibleCpus()); }

Napi::Value onlineCpusValue(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), onlineCpus()); }

Napi::Value onlineCpuNumbersValue(const Napi::CallbackInfo& info) {
  return arrayOf(info.Env(), onlineCpuNumbers(), [&](int number) { return Napi::Number::New(info.Env(), number); });
}

Napi::Value monotonicNanosecondsValue(const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(info.Env(), monotonicNanoseconds());
}

Napi::Value localTimeZoneValue(const Napi::CallbackInfo& info) {
  const TimeZone zone = localTimeZone();
  auto object = Napi::Object::New(info.Env());
  object.Set("secondsWestOfUtc", Napi::BigInt::New(info.Env(), static_cast<std::int64_t>(zone.secondsWestOfUtc)));
  object.Set("name", zone.name);
  return object;
}

Napi::Value enableStatisticsLink(const Napi::CallbackInfo& info) { return linkObject(info.Env(), enableStatistics()); }

Napi::Value textArray(Napi::Env env, const std::vector<std::string>& texts) {
  auto array = Napi::Array::New(env, texts.size());
  for (std::size_t index = 0; index < texts.size(); index++) array.Set(static_cast<std::uint32_t>(index), texts[index]);
  return array;
}

Napi::Value capabilityNames(const Napi::CallbackInfo& info) { return textArray(info.Env(), effectiveCapabilities()); }

Napi::Value kernelModules(const Napi::CallbackInfo& info) { return textArray(info.Env(), modulesWithTypes()); }

Napi::Value tracepointGroups(const Napi::CallbackInfo& info) {
  const std::vector<ClassicTracepoint> tracepoints = classicTracepoints();
  auto array = Napi::Array::New(info.Env(), tracepoints.size());
  for (std::uint32_t index = 0; index < tracepoints.size(); index++) {
    auto object = Napi::Object::New(info.Env());
    object.Set("group", tracepoints[index].group);
    object.Set("name", tracepoints[index].name);
    array.Set(index, object);
  }
  return array;
}

Napi::Value demangledName(const Napi::CallbackInfo& info) {
  const std::optional<std::string> name = demangled(Argument(info, 0, "demangled: symbol").text());
  return name ? Napi::Value(Napi::String::New(info.Env(), *name)) : info.Env().Null();
}

Napi::Value openHandles(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(Environment::of(info.Env()).registry.size()));
}

template <Napi::Value (*function)(const Napi::CallbackInfo&)>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  return answering(info.Env(), [&] { return function(info); });
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  silenceLibbpf();

  auto* environment = new Environment();
  env.SetInstanceData(environment);
  env.AddCleanupHook([](Environment* ending) { ending->registry.closeNewestFirst(); }, environment);

  environment->mapClass = Napi::Persistent(MapObject::define(env));
  environment->programClass = Napi::Persistent(ProgramObject::define(env));
  environment->linkClass = Napi::Persistent(LinkObject::define(env));
  environment->ringBufferClass = Napi::Persistent(RingBufferObject::define(env));
  environment->perfCounterClass = Napi::Persistent(PerfCounterObject::define(env));
  environment->mappingRecordsClass = Napi::Persistent(MappingRecordsObject::define(env));
  environment->typesClass = Napi::Persistent(TypesObject::define(env));
  environment->elfClass = Napi::Persistent(ElfFileObject::define(env));

  exports.Set("possibleCpus", Napi::Function::New<guarded<possibleCpusValue>>(env, "possibleCpus"));
  exports.Set("onlineCpus", Napi::Function::New<onlineCpusValue>(env, "onlineCpus"));
  exports.Set("onlineCpuNumbers", Napi::Function::New<guarded<onlineCpuNumbersValue>>(env, "onlineCpuNumbers"));
  exports.Set("monotonicNanoseconds", Napi::Function::New<monotonicNanosecondsValue>(env, "monotonicNanoseconds"));
  exports.Set("localTimeZone", Napi::Function::New<guarded<localTimeZoneValue>>(env, "localTimeZone"));
  exports.Set("createMap", Napi::Function::New<guarded<createMap>>(env, "createMap"));
  exports.Set("loadProgram", Napi::Function::New<guarded<loadProgram>>(env, "loadProgram"));
  exports.Set("attachMany", Napi::Function::New<guarded<attachMany>>(env, "attachMany"));
  exports.Set("closeMany", Napi::Function::New<guarded<closeMany>>(env, "closeMany"));
  exports.Set("openPerfCounter", Napi::Function::New<guarded<openPerfCounter>>(env, "openPerfCounter"));
  exports.Set("recordMappings", Napi::Function::New<guarded<recordMappings>>(env, "recordMappings"));
  exports.Set("demangled", Napi::Function::New<guarded<demangledName>>(env, "demangled"));
  exports.Set("tracepointGroups", Napi::Function::New<guarded<tracepointGroups>>(env, "tracepointGroups"));
  exports.Set("openRingBuffer", Napi::Function::New<guarded<openRingBuffer>>(env, "openRingBuffer"));
  exports.Set("enableStatistics", Napi::Function::New<guarded<enableStatisticsLink>>(env, "enableStatistics"));
  exports.Set("kernelTypes", Napi::Function::New<kernelTypes>(env, "kernelTypes"));
  exports.Set("kernelModules", Napi::Function::New<guarded<kernelModules>>(env, "kernelModules"));
  exports.Set("capabilities", Napi::Function::New<guarded<capabilityNames>>(env, "capabilities"));
  exports.Set("openElf", Napi::Function::New<guarded<openElf>>(env, "openElf"));
  exports.Set("openVdso", Napi::Function::New<guarded<openVdso>>(env, "openVdso"));
  exports.Set("openHandles", Napi::Function::New<openHandles>(env, "openHandles"));
  return exports;
}

}  // namespace
}  // namespace tapbook

static Napi::Object initialize(Napi::Env env, Napi::Object exports) { return tapbook::initialize(env, exports); }

NODE_API_MODULE(tapbook, initialize)

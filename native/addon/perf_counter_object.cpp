#include "perf_counter_object.hpp"

namespace tapbook {

const napi_type_tag PerfCounterObject::kTag = {0x5f2d1c9a7b3e4d06, 0x9c41f6b2a8d7e306};

Napi::Function PerfCounterObject::define(Napi::Env env) {
  return DefineClass(env, "NativePerfCounter",
                     {
                         InstanceMethod("read", &PerfCounterObject::guarded<&PerfCounterObject::read>),
                         InstanceMethod("close", &PerfCounterObject::close),
                     });
}

Napi::Value PerfCounterObject::read(const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(info.Env(), held().object().read());
}

Napi::Value openPerfCounter(const Napi::CallbackInfo& info) {
  const Argument given(info, 0, "openPerfCounter: options");
  PerfCounterOptions options;
  options.type = given.field("type").unsigned32();
  options.config = given.field("config").bits64();
  options.cpu = static_cast<int>(given.field("cpu").whole(-1, INT32_MAX));
  options.pid = static_cast<int>(given.field("pid").whole(-1, INT32_MAX));
  auto held = std::make_shared<Owner<PerfCounter>>("perf counter", PerfCounter(options));
  return PerfCounterObject::create(info.Env(), Environment::of(info.Env()).perfCounterClass, std::move(held));
}

}  // namespace tapbook

#pragma once

#include "../engine/perf_counter.hpp"
#include "handle_object.hpp"

namespace tapbook {

/** `NativePerfCounter`. */
class PerfCounterObject : public HandleObject<PerfCounterObject, Owner<PerfCounter>> {
 public:
  static const napi_type_tag kTag;
  static Napi::Function define(Napi::Env env);

  explicit PerfCounterObject(const Napi::CallbackInfo& info) : HandleObject(info) {}

  /** Throws when it is closed. */
  const PerfCounter& counter() { return held().object(); }

 private:
  Napi::Value read(const Napi::CallbackInfo& info);
};

/** `openPerfCounter`. */
Napi::Value openPerfCounter(const Napi::CallbackInfo& info);

}  // namespace tapbook

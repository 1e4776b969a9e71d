#pragma once

#include <memory>

#include "../engine/program.hpp"
#include "handle_object.hpp"

namespace tapbook {

/** `NativeProgram`. */
class ProgramObject : public HandleObject<ProgramObject, Owner<std::shared_ptr<Program>>> {
 public:
  static const napi_type_tag kTag;
  static Napi::Function define(Napi::Env env);

  explicit ProgramObject(const Napi::CallbackInfo& info) : HandleObject(info) {}
  static void describe(Napi::Object object, Owner<std::shared_ptr<Program>>& held);

  /** Throws when it is closed. */
  const Program& program() { return *held().object(); }
  /** For work that may last longer than the handle. */
  std::shared_ptr<const Program> share() { return held().object(); }

 private:
  Napi::Value statistics(const Napi::CallbackInfo& info);
  Napi::Value testRun(const Napi::CallbackInfo& info);
  Napi::Value attach(const Napi::CallbackInfo& info);
};

/** `loadProgram`. */
Napi::Value loadProgram(const Napi::CallbackInfo& info);

}  // namespace tapbook

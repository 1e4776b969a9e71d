#pragma once

#include "../engine/program.hpp"
#include "handle_object.hpp"

namespace tapbook {

/** `NativeProgram`. */
class ProgramObject : public HandleObject<ProgramObject, Owner<Program>> {
 public:
  static const napi_type_tag kTag;
  static Napi::Function define(Napi::Env env);

  explicit ProgramObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value statistics(const Napi::CallbackInfo& info);
  Napi::Value testRun(const Napi::CallbackInfo& info);
  Napi::Value attach(const Napi::CallbackInfo& info);
};

/** `loadProgram`. */
Napi::Value loadProgram(const Napi::CallbackInfo& info);

}  // namespace tapbook

#pragma once

#include <napi.h>

namespace tapbook {

/** `NativeBtf`. The types belong to the environment, so there is nothing to close. */
class TypesObject : public Napi::ObjectWrap<TypesObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit TypesObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

 private:
  Napi::Value find(const Napi::CallbackInfo& info);
  Napi::Value type(const Napi::CallbackInfo& info);
  Napi::Value names(const Napi::CallbackInfo& info);
};

/** `kernelTypes`. */
Napi::Value kernelTypes(const Napi::CallbackInfo& info);

}  // namespace tapbook

#pragma once

#include <napi.h>

#include <memory>

#include "../engine/kernel_types.hpp"

namespace tapbook {

/** `NativeBtf`. Types are memory only, so there is nothing to close. */
class TypesObject : public Napi::ObjectWrap<TypesObject> {
 public:
  static Napi::Function define(Napi::Env env);

  /** What the constructor takes, as an external. */
  using Types = std::shared_ptr<const KernelTypes>;
  static const napi_type_tag kTag;

  explicit TypesObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value find(const Napi::CallbackInfo& info);
  Napi::Value type(const Napi::CallbackInfo& info);
  Napi::Value names(const Napi::CallbackInfo& info);
  Napi::Value enumeration(const Napi::CallbackInfo& info);

  Types types_;
};

/** `kernelTypes`. */
Napi::Value kernelTypes(const Napi::CallbackInfo& info);

}  // namespace tapbook

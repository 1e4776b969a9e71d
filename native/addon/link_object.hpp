#pragma once

#include "../engine/link.hpp"
#include "handle_object.hpp"

namespace tapbook {

/** `NativeLink`. */
class LinkObject : public HandleObject<LinkObject, Owner<Link>> {
 public:
  static const napi_type_tag kTag;
  static Napi::Function define(Napi::Env env);

  explicit LinkObject(const Napi::CallbackInfo& info) : HandleObject(info) {}
};

Napi::Object linkObject(Napi::Env env, Link link);

}  // namespace tapbook

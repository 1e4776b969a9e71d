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

  /** Leaves this object closed, and what it held to the caller; empty when it was closed before. */
  std::optional<Link> release(Napi::Env env);
};

Napi::Object linkObject(Napi::Env env, Link link);

}  // namespace tapbook

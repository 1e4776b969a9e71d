#pragma once

#include "delivery.hpp"
#include "handle_object.hpp"

namespace tapbook {

/** `NativeRingBuffer`. */
class RingBufferObject : public HandleObject<RingBufferObject, Delivery> {
 public:
  static const napi_type_tag kTag;
  static Napi::Function define(Napi::Env env);

  explicit RingBufferObject(const Napi::CallbackInfo& info) : HandleObject(info) {}

 private:
  Napi::Value drain(const Napi::CallbackInfo& info);
};

/** `openRingBuffer`. */
Napi::Value openRingBuffer(const Napi::CallbackInfo& info);

}  // namespace tapbook

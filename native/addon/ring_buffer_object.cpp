#include "ring_buffer_object.hpp"

#include "map_object.hpp"

namespace tapbook {

const napi_type_tag RingBufferObject::kTag = {0x5f2d1c9a7b3e4d04, 0x9c41f6b2a8d7e304};

Napi::Function RingBufferObject::define(Napi::Env env) {
  return DefineClass(env, "NativeRingBuffer",
                     {
                         InstanceMethod("drain", &RingBufferObject::guarded<&RingBufferObject::drain>),
                         InstanceMethod("close", &RingBufferObject::close),
                     });
}

Napi::Value RingBufferObject::drain(const Napi::CallbackInfo& info) {
  held().drain(info.Env());
  return info.Env().Undefined();
}

Napi::Value openRingBuffer(const Napi::CallbackInfo& info) {
  const Argument given(info, 0, "openRingBuffer: map");
  const Map& map = MapObject::from(given, "NativeMap").map();
  if (map.options().type != MapType::RingBuffer) given.refuse("must be a map of type \"ringbuf\"");
  auto held = Delivery::open(info.Env(), map, Argument(info, 1, "openRingBuffer: onBatch").function());
  return RingBufferObject::create(info.Env(), Environment::of(info.Env()).ringBufferClass, std::move(held));
}

}  // namespace tapbook

#include "link_object.hpp"

namespace tapbook {

const napi_type_tag LinkObject::kTag = {0x5f2d1c9a7b3e4d03, 0x9c41f6b2a8d7e303};

Napi::Function LinkObject::define(Napi::Env env) {
  return DefineClass(env, "NativeLink", {InstanceMethod("close", &LinkObject::close)});
}

std::optional<Link> LinkObject::release(Napi::Env env) {
  std::optional<Link> link = held().release();
  Environment::of(env).registry.close(held_);
  return link;
}

Napi::Object linkObject(Napi::Env env, Link link) {
  auto held = std::make_shared<Owner<Link>>("link", std::move(link));
  return LinkObject::create(env, Environment::of(env).linkClass, std::move(held));
}

}  // namespace tapbook

#pragma once

#include <memory>

#include "../engine/map.hpp"
#include "handle_object.hpp"

namespace tapbook {

/** `NativeMap`. */
class MapObject : public HandleObject<MapObject, Owner<std::unique_ptr<Map>>> {
 public:
  static const napi_type_tag kTag;
  static Napi::Function define(Napi::Env env);

  explicit MapObject(const Napi::CallbackInfo& info) : HandleObject(info) {}
  static void describe(Napi::Object object, Owner<std::unique_ptr<Map>>& held);

  /** Throws when it is closed. */
  Map& map() { return *held().object(); }

 private:
  Napi::Value lookup(const Napi::CallbackInfo& info);
  Napi::Value update(const Napi::CallbackInfo& info);
  Napi::Value pop(const Napi::CallbackInfo& info);
  Napi::Value setCounter(const Napi::CallbackInfo& info);
  Napi::Value remove(const Napi::CallbackInfo& info);
  Napi::Value entries(const Napi::CallbackInfo& info);
  Napi::Value takeEntries(const Napi::CallbackInfo& info);
  Napi::Value clear(const Napi::CallbackInfo& info);
  Napi::Value freeze(const Napi::CallbackInfo& info);
  Napi::Value readWord(const Napi::CallbackInfo& info);
  Napi::Value writeWord(const Napi::CallbackInfo& info);
  Napi::Value fetchAdd(const Napi::CallbackInfo& info);
};

/** `createMap`. */
Napi::Value createMap(const Napi::CallbackInfo& info);

}  // namespace tapbook

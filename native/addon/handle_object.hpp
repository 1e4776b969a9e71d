#pragma once

#include <napi.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "../engine/error.hpp"
#include "answer.hpp"
#include "argument.hpp"
#include "environment.hpp"
#include "registry.hpp"

namespace tapbook {

/** An object of the engine that closes by being destroyed. */
template <typename Object>
class Owner final : public Handle {
 public:
  Owner(std::string description, Object object) : description_(std::move(description)), object_(std::move(object)) {}

  void close() override { object_.reset(); }

  /** Takes the object out; empty when it is closed. */
  std::optional<Object> release() { return std::exchange(object_, std::nullopt); }

  Object& object() {
    if (!object_) throw Error(EBADF, "use " + description_ + ", which is closed");
    return *object_;
  }

 private:
  std::string description_;
  std::optional<Object> object_;
};

/**
 * The JavaScript object of a handle. The registry holds the handle as well, so it stays open when the object becomes
 * garbage: what is attached ends when somebody says so, not when memory is collected.
 *
 * `Self` is the class itself; it has a `static const napi_type_tag kTag`, and where the object has properties a `static
 * void describe(Napi::Object, Held&)`. Its constructor asks nothing of the engine: what that throws must not pass
 * through JavaScript's frames, which know no C++ exceptions.
 */
template <typename Self, typename Held>
class HandleObject : public Napi::ObjectWrap<Self> {
 public:
  explicit HandleObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Self>(info) {
    const bool isOurs = info[0].IsExternal() && info[0].template As<Napi::External<Offer>>().CheckTypeTag(&Self::kTag);
    if (!isOurs) throw Napi::TypeError::New(info.Env(), "objects of this class come from the engine's functions only");
    held_ = info[0].template As<Napi::External<Offer>>().Data()->held;
    info.This().template As<Napi::Object>().TypeTag(&Self::kTag);
  }

  /** Registers the handle and makes its object; closes the handle where the object cannot be made. */
  static Napi::Object create(Napi::Env env, const Napi::FunctionReference& constructor, std::shared_ptr<Held> held) {
    try {
      Offer offer{held};
      auto external = Napi::External<Offer>::New(env, &offer);
      external.TypeTag(&Self::kTag);
      Napi::Object object = constructor.New({external});
      Self::describe(object, *held);
      Environment::of(env).registry.add(held);
      return object;
    } catch (...) {
      held->close();
      throw;
    }
  }

  /** The object of this class that an argument is. */
  static Self& from(const Argument& argument, const char* className) {
    const Napi::Value& value = argument.value();
    if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&Self::kTag)) {
      argument.refuse(std::string("must be a ") + className);
    }
    return *Self::Unwrap(value.As<Napi::Object>());
  }

  Held& held() { return *held_; }

 protected:
  struct Offer {
    std::shared_ptr<Held> held;
  };

  /** A method as JavaScript calls it: what the engine throws is translated. */
  template <Napi::Value (Self::*method)(const Napi::CallbackInfo&)>
  Napi::Value guarded(const Napi::CallbackInfo& info) {
    return answering(info.Env(), [&] { return (static_cast<Self*>(this)->*method)(info); });
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    Environment::of(info.Env()).registry.close(held_);
    return info.Env().Undefined();
  }

  /** Gives the object its properties; may throw what the engine throws. */
  static void describe(Napi::Object, Held&) {}

  static void defineValue(Napi::Object object, const char* name, Napi::Value value) {
    object.DefineProperty(Napi::PropertyDescriptor::Value(name, value, napi_enumerable));
  }

  std::shared_ptr<Held> held_;
};

}  // namespace tapbook

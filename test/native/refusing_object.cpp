// Two classes of objects whose making fails, as the addon's own could: in the constructor, and where properties are
// told.

#include <napi.h>

#include "../../native/addon/handle_object.hpp"

namespace tapbook {
namespace {

int closed = 0;

/** Counts how often it was closed. */
class Counted final : public Handle {
 public:
  void close() override { closed++; }
};

struct RefusesInConstructor : HandleObject<RefusesInConstructor, Counted> {
  static const napi_type_tag kTag;
  explicit RefusesInConstructor(const Napi::CallbackInfo& info) : HandleObject(info) {
    throw Error(ENODATA, "construct it");
  }
};

struct RefusesToTell : HandleObject<RefusesToTell, Counted> {
  static const napi_type_tag kTag;
  explicit RefusesToTell(const Napi::CallbackInfo& info) : HandleObject(info) {}
  static void describe(Napi::Object, Counted&) { throw Error(ENODATA, "tell of it"); }
};

const napi_type_tag RefusesInConstructor::kTag = {1, 1};
const napi_type_tag RefusesToTell::kTag = {2, 2};

template <typename Refusing>
Napi::Value make(const Napi::CallbackInfo& info) {
  return answering(info.Env(), [&]() -> Napi::Value {
    const auto constructor = Napi::Persistent(Refusing::DefineClass(info.Env(), "Refusing", {}));
    return Refusing::create(info.Env(), constructor, std::make_shared<Counted>());
  });
}

Napi::Value state(const Napi::CallbackInfo& info) {
  auto object = Napi::Object::New(info.Env());
  object.Set("closed", closed);
  object.Set("open", static_cast<double>(Environment::of(info.Env()).registry.size()));
  return object;
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Environment());
  exports.Set("refuseInConstructor", Napi::Function::New<make<RefusesInConstructor>>(env));
  exports.Set("refuseToTell", Napi::Function::New<make<RefusesToTell>>(env));
  exports.Set("state", Napi::Function::New<state>(env));
  return exports;
}

}  // namespace
}  // namespace tapbook

static Napi::Object initialize(Napi::Env env, Napi::Object exports) { return tapbook::initialize(env, exports); }

NODE_API_MODULE(refusing, initialize)

#include "types_object.hpp"

#include "../engine/kernel_types.hpp"
#include "answer.hpp"
#include "argument.hpp"
#include "array_of.hpp"
#include "environment.hpp"
#include "type_value.hpp"

namespace tapbook {

const napi_type_tag TypesObject::kTag = {0x5f2d1c9a7b3e4d05, 0x9c41f6b2a8d7e305};

Napi::Function TypesObject::define(Napi::Env env) {
  return DefineClass(env, "NativeBtf",
                     {
                         InstanceMethod("find", &TypesObject::find),
                         InstanceMethod("type", &TypesObject::type),
                         InstanceMethod("names", &TypesObject::names),
                         InstanceMethod("enumeration", &TypesObject::enumeration),
                     });
}

TypesObject::TypesObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const bool isOurs = info[0].IsExternal() && info[0].As<Napi::External<Types>>().CheckTypeTag(&kTag);
  if (!isOurs) throw Napi::TypeError::New(info.Env(), "objects of this class come from the engine's functions only");
  types_ = *info[0].As<Napi::External<Types>>().Data();
}

Napi::Value TypesObject::find(const Napi::CallbackInfo& info) {
  const std::string name = Argument(info, 0, "find: name").text();
  const TypeKind kind = Argument(info, 1, "find: kind").oneOf<TypeKind>(kTypeKinds);
  return answering(info.Env(), [&]() -> Napi::Value {
    const std::uint32_t id = types_->find(name, kind);
    return id == 0 ? info.Env().Null() : Napi::Number::New(info.Env(), id);
  });
}

Napi::Value TypesObject::type(const Napi::CallbackInfo& info) {
  const std::uint32_t id = Argument(info, 0, "type: id").unsigned32();
  return answering(info.Env(), [&] { return toJavaScript(info.Env(), types_->type(id)); });
}

Napi::Value TypesObject::names(const Napi::CallbackInfo& info) {
  const TypeKind kind = Argument(info, 0, "names: kind").oneOf<TypeKind>(kTypeKinds);
  const std::string prefix = Argument(info, 1, "names: prefix").text();
  return answering(info.Env(), [&] {
    return arrayOf(info.Env(), types_->names(kind, prefix),
                   [&](const char* name) { return Napi::String::New(info.Env(), name); });
  });
}

Napi::Value TypesObject::enumeration(const Napi::CallbackInfo& info) {
  const std::string enumerator = Argument(info, 0, "enumeration: enumerator").text();
  return answering(info.Env(), [&]() -> Napi::Value {
    const std::uint32_t id = types_->enumeration(enumerator);
    return id == 0 ? info.Env().Null() : Napi::Number::New(info.Env(), id);
  });
}

Napi::Value kernelTypes(const Napi::CallbackInfo& info) {
  const Argument module(info, 0, "kernelTypes: module");
  Environment& environment = Environment::of(info.Env());
  return answering(info.Env(), [&]() -> Napi::Value {
    TypesObject::Types types = environment.types.of(module.isGiven() ? module.text() : "");
    types->require();
    auto external = Napi::External<TypesObject::Types>::New(info.Env(), &types);
    external.TypeTag(&TypesObject::kTag);
    return environment.typesClass.New({external});
  });
}

}  // namespace tapbook

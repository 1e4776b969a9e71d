#include "types_object.hpp"

#include "../engine/kernel_types.hpp"
#include "answer.hpp"
#include "argument.hpp"
#include "array_of.hpp"
#include "environment.hpp"

namespace tapbook {
namespace {

constexpr std::initializer_list<std::pair<const char*, TypeKind>> kKinds = {
    {"int", TypeKind::Int},           {"pointer", TypeKind::Pointer},
    {"array", TypeKind::Array},       {"struct", TypeKind::Struct},
    {"union", TypeKind::Union},       {"enum", TypeKind::Enum},
    {"forward", TypeKind::Forward},   {"typedef", TypeKind::Typedef},
    {"function", TypeKind::Function}, {"function_prototype", TypeKind::FunctionPrototype},
    {"float", TypeKind::Float},       {"variable", TypeKind::Variable},
    {"other", TypeKind::Other},
};

const char* nameOf(TypeKind kind) {
  for (const auto& [name, candidate] : kKinds) {
    if (candidate == kind) return name;
  }
  return "other";
}

Napi::Object toJavaScript(Napi::Env env, const TypeMember& member) {
  auto object = Napi::Object::New(env);
  object.Set("name", member.name);
  object.Set("type", member.type);
  object.Set("bitOffset", member.bitOffset);
  object.Set("bitSize", member.bitSize);
  return object;
}

Napi::Object toJavaScript(Napi::Env env, const TypeEnumerator& enumerator, bool isSigned) {
  auto object = Napi::Object::New(env);
  object.Set("name", enumerator.name);
  object.Set("value", isSigned ? Napi::BigInt::New(env, enumerator.value)
                               : Napi::BigInt::New(env, static_cast<std::uint64_t>(enumerator.value)));
  return object;
}

Napi::Object toJavaScript(Napi::Env env, const TypeParameter& parameter) {
  auto object = Napi::Object::New(env);
  object.Set("name", parameter.name);
  object.Set("type", parameter.type);
  return object;
}

Napi::Object toJavaScript(Napi::Env env, const Type& type) {
  auto object = Napi::Object::New(env);
  object.Set("id", type.id);
  object.Set("kind", nameOf(type.kind));
  object.Set("name", type.name);
  object.Set("size", static_cast<double>(type.size));
  object.Set("signed", Napi::Boolean::New(env, type.isSigned));
  object.Set("target", type.target);
  object.Set("elements", type.elements);
  object.Set("members",
             arrayOf(env, type.members, [&](const TypeMember& member) { return toJavaScript(env, member); }));
  object.Set("enumerators", arrayOf(env, type.enumerators, [&](const TypeEnumerator& enumerator) {
               return toJavaScript(env, enumerator, type.isSigned);
             }));
  object.Set("parameters", arrayOf(env, type.parameters,
                                   [&](const TypeParameter& parameter) { return toJavaScript(env, parameter); }));
  return object;
}

}  // namespace

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
  const TypeKind kind = Argument(info, 1, "find: kind").oneOf<TypeKind>(kKinds);
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
  const TypeKind kind = Argument(info, 0, "names: kind").oneOf<TypeKind>(kKinds);
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

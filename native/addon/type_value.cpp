#include "type_value.hpp"

#include "array_of.hpp"

namespace tapbook {
namespace {

const char* nameOf(TypeKind kind) {
  for (const auto& [name, candidate] : kTypeKinds) {
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

}  // namespace

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

}  // namespace tapbook

// The part of `NativeElf` that tells what debug information says. Where a file has none, the answer is that nothing is
// known.

#include "array_of.hpp"
#include "elf_object.hpp"
#include "type_value.hpp"

namespace tapbook {
namespace {

Napi::Object toJavaScript(Napi::Env env, const DebugOperation& operation) {
  auto object = Napi::Object::New(env);
  object.Set("code", operation.code);
  object.Set("first", Napi::BigInt::New(env, operation.first));
  object.Set("second", Napi::BigInt::New(env, operation.second));
  return object;
}

Napi::Array toJavaScript(Napi::Env env, const std::vector<DebugOperation>& operations) {
  return arrayOf(env, operations, [&](const DebugOperation& operation) { return toJavaScript(env, operation); });
}

Napi::Array toJavaScript(Napi::Env env, const std::vector<DebugLocation>& locations) {
  return arrayOf(env, locations, [&](const DebugLocation& location) {
    auto object = Napi::Object::New(env);
    object.Set("low", Napi::BigInt::New(env, location.low));
    object.Set("high", Napi::BigInt::New(env, location.high));
    object.Set("operations", toJavaScript(env, location.operations));
    return object;
  });
}

Napi::Object toJavaScript(Napi::Env env, const DebugVariable& variable) {
  auto object = Napi::Object::New(env);
  object.Set("name", variable.name);
  object.Set("type", variable.type);
  object.Set("file", variable.file);
  object.Set("locations", toJavaScript(env, variable.locations));
  object.Set("constant", variable.constant ? Napi::BigInt::New(env, *variable.constant) : env.Null());
  object.Set("external", Napi::Boolean::New(env, variable.isExternal));
  return object;
}

Napi::Array toJavaScript(Napi::Env env, const std::vector<DebugVariable>& variables) {
  return arrayOf(env, variables, [&](const DebugVariable& variable) { return toJavaScript(env, variable); });
}

Napi::BigInt offsetIn(Napi::Env env, const ElfFile& file, std::uint64_t address) {
  return Napi::BigInt::New(env, file.offsetOf(address).value_or(0));
}

Napi::Object toJavaScript(Napi::Env env, const ElfFile& file, const DebugLabel& label) {
  auto object = Napi::Object::New(env);
  object.Set("name", label.name);
  object.Set("line", label.line);
  object.Set("address", Napi::BigInt::New(env, label.address));
  object.Set("offset", offsetIn(env, file, label.address));
  return object;
}

Napi::Object toJavaScript(Napi::Env env, const DebugCall& call) {
  auto object = Napi::Object::New(env);
  object.Set("name", call.name);
  object.Set("entry", Napi::BigInt::New(env, call.entry));
  object.Set("inlinedAt", Napi::BigInt::New(env, call.inlinedAt));
  return object;
}

Napi::Object toJavaScript(Napi::Env env, const CodeRange& range) {
  auto object = Napi::Object::New(env);
  object.Set("low", Napi::BigInt::New(env, range.low));
  object.Set("high", Napi::BigInt::New(env, range.high));
  return object;
}

Napi::Object toJavaScript(Napi::Env env, const ElfFile& file, const DebugFunction& function) {
  auto object = Napi::Object::New(env);
  object.Set("name", function.name);
  object.Set("file", function.file);
  object.Set("line", function.line);
  object.Set("address", Napi::BigInt::New(env, function.address));
  object.Set("offset", offsetIn(env, file, function.address));
  object.Set("bodyAddress", Napi::BigInt::New(env, function.bodyAddress));
  object.Set("bodyOffset", offsetIn(env, file, function.bodyAddress));
  object.Set("inlined", Napi::Boolean::New(env, function.isInlined));
  object.Set("returnType", function.returnType);
  object.Set("parameters", toJavaScript(env, function.parameters));
  object.Set("locals", toJavaScript(env, function.locals));
  object.Set("frameBase", toJavaScript(env, function.frameBase));
  object.Set("tellsCalls", Napi::Boolean::New(env, function.tellsCalls));
  object.Set("labels",
             arrayOf(env, function.labels, [&](const DebugLabel& label) { return toJavaScript(env, file, label); }));
  object.Set("calls", arrayOf(env, function.calls, [&](const DebugCall& call) { return toJavaScript(env, call); }));
  object.Set("code", arrayOf(env, function.code, [&](const CodeRange& range) { return toJavaScript(env, range); }));
  return object;
}

}  // namespace

Napi::Value ElfFileObject::hasDebugInformation(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), elf().hasDebugInformation());
}

Napi::Value ElfFileObject::dwarfFunctions(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string name = Argument(info, 0, "dwarfFunctions: name").text();
  DebugInformation* debug = elf().debug();
  if (debug == nullptr) return Napi::Array::New(env);
  return arrayOf(env, debug->functions(name),
                 [&](const DebugFunction& function) { return toJavaScript(env, elf().file(), function); });
}

Napi::Value ElfFileObject::dwarfFunctionAt(const Napi::CallbackInfo& info) {
  const std::uint64_t address = Argument(info, 0, "dwarfFunctionAt: address").bits64();
  DebugInformation* debug = elf().debug();
  const auto function = debug != nullptr ? debug->functionAt(address) : std::nullopt;
  if (!function) return info.Env().Null();
  return toJavaScript(info.Env(), elf().file(), *function);
}

Napi::Value ElfFileObject::dwarfVariables(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string name = Argument(info, 0, "dwarfVariables: name").text();
  DebugInformation* debug = elf().debug();
  if (debug == nullptr) return Napi::Array::New(env);
  return toJavaScript(env, debug->variables(name));
}

Napi::Value ElfFileObject::dwarfVariableNames(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  DebugInformation* debug = elf().debug();
  if (debug == nullptr) return Napi::Array::New(env);
  return arrayOf(env, debug->variableNames(), [&](const char* name) { return Napi::String::New(env, name); });
}

Napi::Value ElfFileObject::callFrameAt(const Napi::CallbackInfo& info) {
  const std::uint64_t address = Argument(info, 0, "callFrameAt: address").bits64();
  DebugInformation* debug = elf().debug();
  if (debug == nullptr) return Napi::Array::New(info.Env());
  return toJavaScript(info.Env(), debug->callFrameAt(address));
}

Napi::Value ElfFileObject::dwarfType(const Napi::CallbackInfo& info) {
  const std::uint32_t id = Argument(info, 0, "dwarfType: id").unsigned32();
  DebugInformation* debug = elf().debug();
  if (debug == nullptr) throw Error(ENOENT, "find type " + std::to_string(id) + " where there is no debug information");
  return toJavaScript(info.Env(), debug->types().type(id));
}

Napi::Value ElfFileObject::findType(const Napi::CallbackInfo& info) {
  const std::string name = Argument(info, 0, "findType: name").text();
  const TypeKind kind = Argument(info, 1, "findType: kind").oneOf<TypeKind>(kTypeKinds);
  DebugInformation* debug = elf().debug();
  const std::uint32_t id = debug != nullptr ? debug->types().find(name, kind) : 0;
  return id == 0 ? info.Env().Null() : Napi::Number::New(info.Env(), id);
}

Napi::Value ElfFileObject::findEnumeration(const Napi::CallbackInfo& info) {
  const std::string enumerator = Argument(info, 0, "findEnumeration: enumerator").text();
  DebugInformation* debug = elf().debug();
  const std::uint32_t id = debug != nullptr ? debug->types().enumeration(enumerator) : 0;
  return id == 0 ? info.Env().Null() : Napi::Number::New(info.Env(), id);
}

Napi::Value ElfFileObject::typeNames(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const TypeKind kind = Argument(info, 0, "typeNames: kind").oneOf<TypeKind>(kTypeKinds);
  const std::string prefix = Argument(info, 1, "typeNames: prefix").text();
  DebugInformation* debug = elf().debug();
  if (debug == nullptr) return Napi::Array::New(env);
  return arrayOf(env, debug->types().names(kind, prefix),
                 [&](const char* name) { return Napi::String::New(env, name); });
}

Napi::Value ElfFileObject::lineOf(const Napi::CallbackInfo& info) {
  const std::uint64_t address = Argument(info, 0, "lineOf: address").bits64();
  DebugInformation* debug = elf().debug();
  const auto line = debug != nullptr ? debug->lineOf(address) : std::nullopt;
  if (!line) return info.Env().Null();
  auto object = Napi::Object::New(info.Env());
  object.Set("file", line->file);
  object.Set("line", line->line);
  return object;
}

Napi::Value ElfFileObject::addressesOf(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string file = Argument(info, 0, "addressesOf: file").text();
  const auto line = static_cast<int>(Argument(info, 1, "addressesOf: line").whole(0, INT32_MAX));
  DebugInformation* debug = elf().debug();
  if (debug == nullptr) return Napi::Array::New(env);
  return arrayOf(env, debug->addressesOf(file, line), [&](std::uint64_t address) {
    auto object = Napi::Object::New(env);
    object.Set("address", Napi::BigInt::New(env, address));
    object.Set("offset", offsetIn(env, elf().file(), address));
    return object;
  });
}

}  // namespace tapbook

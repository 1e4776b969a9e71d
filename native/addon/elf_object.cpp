#include "elf_object.hpp"

#include "../engine/elf/indirect_functions.hpp"
#include "../engine/elf/linkage_table.hpp"
#include "../engine/elf/static_probes.hpp"
#include "array_of.hpp"

namespace tapbook {
namespace {

const char* nameOf(SymbolBinding binding) {
  switch (binding) {
    case SymbolBinding::Local:
      return "local";
    case SymbolBinding::Weak:
      return "weak";
    default:
      return "global";
  }
}

Napi::Value create(Napi::Env env, ElfFile file) {
  using Held = Owner<std::unique_ptr<ElfObject>>;
  const std::string description = "file \"" + file.path() + "\"";
  auto held = std::make_shared<Held>(description, std::make_unique<ElfObject>(std::move(file)));
  return ElfFileObject::create(env, Environment::of(env).elfClass, std::move(held));
}

}  // namespace

const napi_type_tag ElfFileObject::kTag = {0x5f2d1c9a7b3e4d11, 0x9c41f6b2a8d7e311};

Napi::Function ElfFileObject::define(Napi::Env env) {
  return DefineClass(
      env, "NativeElf",
      {
          InstanceMethod("functions", &ElfFileObject::guarded<&ElfFileObject::functions>),
          InstanceMethod("indirectTargets", &ElfFileObject::guarded<&ElfFileObject::indirectTargets>),
          InstanceMethod("addressOf", &ElfFileObject::guarded<&ElfFileObject::addressOf>),
          InstanceMethod("symbolAt", &ElfFileObject::guarded<&ElfFileObject::symbolAt>),
          InstanceMethod("pltEntries", &ElfFileObject::guarded<&ElfFileObject::pltEntries>),
          InstanceMethod("probes", &ElfFileObject::guarded<&ElfFileObject::probes>),
          InstanceMethod("offsetOf", &ElfFileObject::guarded<&ElfFileObject::offsetOf>),
          InstanceMethod("segments", &ElfFileObject::guarded<&ElfFileObject::segments>),
          InstanceMethod("threadStorage", &ElfFileObject::guarded<&ElfFileObject::threadStorage>),
          InstanceMethod("dwarfFunctions", &ElfFileObject::guarded<&ElfFileObject::dwarfFunctions>),
          InstanceMethod("dwarfFunctionAt", &ElfFileObject::guarded<&ElfFileObject::dwarfFunctionAt>),
          InstanceMethod("dwarfVariables", &ElfFileObject::guarded<&ElfFileObject::dwarfVariables>),
          InstanceMethod("dwarfVariableNames", &ElfFileObject::guarded<&ElfFileObject::dwarfVariableNames>),
          InstanceMethod("callFrameAt", &ElfFileObject::guarded<&ElfFileObject::callFrameAt>),
          InstanceMethod("dwarfType", &ElfFileObject::guarded<&ElfFileObject::dwarfType>),
          InstanceMethod("findType", &ElfFileObject::guarded<&ElfFileObject::findType>),
          InstanceMethod("findEnumeration", &ElfFileObject::guarded<&ElfFileObject::findEnumeration>),
          InstanceMethod("typeNames", &ElfFileObject::guarded<&ElfFileObject::typeNames>),
          InstanceMethod("lineOf", &ElfFileObject::guarded<&ElfFileObject::lineOf>),
          InstanceMethod("addressesOf", &ElfFileObject::guarded<&ElfFileObject::addressesOf>),
          InstanceAccessor("hasDebugInformation", &ElfFileObject::guarded<&ElfFileObject::hasDebugInformation>,
                           nullptr),
          InstanceMethod("close", &ElfFileObject::close),
      });
}

void ElfFileObject::describe(Napi::Object object, Owner<std::unique_ptr<ElfObject>>& held) {
  const Napi::Env env = object.Env();
  const ElfFile& file = held.object()->file();
  defineValue(object, "path", Napi::String::New(env, file.realPath()));
  defineValue(object, "buildId", Napi::String::New(env, file.buildId()));
  defineValue(object, "isPositionIndependent", Napi::Boolean::New(env, file.isPositionIndependent()));
  defineValue(object, "machine", Napi::String::New(env, file.machineName()));
}

Napi::Value ElfFileObject::functions(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Argument pattern(info, 0, "functions: pattern");
  const ElfFile& file = elf().file();
  return arrayOf(env, elf().symbols().functions(pattern.isGiven() ? pattern.text() : "*"),
                 [&](const ElfSymbol* symbol) {
                   auto object = Napi::Object::New(env);
                   object.Set("name", symbol->name);
                   object.Set("address", Napi::BigInt::New(env, symbol->address));
                   object.Set("offset", Napi::BigInt::New(env, file.offsetOf(symbol->address).value_or(0)));
                   object.Set("size", Napi::BigInt::New(env, symbol->size));
                   object.Set("binding", nameOf(symbol->binding));
                   object.Set("indirect", Napi::Boolean::New(env, symbol->isIndirect));
                   return object;
                 });
}

Napi::Value ElfFileObject::indirectTargets(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Argument address(info, 0, "indirectTargets: address");
  const Argument size(info, 1, "indirectTargets: size");
  const ElfFile& file = elf().file();
  return arrayOf(env, tapbook::indirectTargets(file, address.bits64(), size.bits64()), [&](std::uint64_t target) {
    auto object = Napi::Object::New(env);
    object.Set("address", Napi::BigInt::New(env, target));
    object.Set("offset", Napi::BigInt::New(env, file.offsetOf(target).value_or(0)));
    return object;
  });
}

Napi::Value ElfFileObject::addressOf(const Napi::CallbackInfo& info) {
  const ElfSymbol* symbol = elf().symbols().named(Argument(info, 0, "addressOf: name").text());
  return symbol != nullptr ? Napi::BigInt::New(info.Env(), symbol->address) : info.Env().Null();
}

Napi::Value ElfFileObject::symbolAt(const Napi::CallbackInfo& info) {
  const std::uint64_t address = Argument(info, 0, "symbolAt: address").bits64();
  const ElfSymbol* symbol = elf().symbols().at(address);
  if (symbol == nullptr) return info.Env().Null();
  auto object = Napi::Object::New(info.Env());
  object.Set("name", symbol->name);
  object.Set("offset", Napi::BigInt::New(info.Env(), address - symbol->address));
  object.Set("size", Napi::BigInt::New(info.Env(), symbol->end - symbol->address));
  return object;
}

Napi::Value ElfFileObject::pltEntries(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return arrayOf(env, linkageEntries(elf().file()), [&](const LinkageEntry& entry) {
    auto object = Napi::Object::New(env);
    object.Set("name", entry.name);
    object.Set("address", Napi::BigInt::New(env, entry.address));
    object.Set("offset", Napi::BigInt::New(env, entry.offset));
    return object;
  });
}

Napi::Value ElfFileObject::probes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return arrayOf(env, staticProbes(elf().file()), [&](const StaticProbe& probe) {
    auto object = Napi::Object::New(env);
    object.Set("provider", probe.provider);
    object.Set("name", probe.name);
    object.Set("address", Napi::BigInt::New(env, probe.address));
    object.Set("offset", Napi::BigInt::New(env, probe.offset));
    object.Set("semaphoreAddress", Napi::BigInt::New(env, probe.semaphoreAddress));
    object.Set("semaphoreOffset", Napi::BigInt::New(env, probe.semaphoreOffset));
    object.Set("arguments", probe.arguments);
    return object;
  });
}

Napi::Value ElfFileObject::offsetOf(const Napi::CallbackInfo& info) {
  const auto offset = elf().file().offsetOf(Argument(info, 0, "offsetOf: address").bits64());
  return offset ? Napi::BigInt::New(info.Env(), *offset) : info.Env().Null();
}

Napi::Value ElfFileObject::segments(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto array = Napi::Array::New(env);
  for (const Elf64_Phdr& segment : elf().file().segments()) {
    if (segment.p_type != PT_LOAD) continue;
    auto object = Napi::Object::New(env);
    object.Set("address", Napi::BigInt::New(env, static_cast<std::uint64_t>(segment.p_vaddr)));
    object.Set("offset", Napi::BigInt::New(env, static_cast<std::uint64_t>(segment.p_offset)));
    object.Set("size", Napi::BigInt::New(env, static_cast<std::uint64_t>(segment.p_memsz)));
    object.Set("executable", Napi::Boolean::New(env, (segment.p_flags & PF_X) != 0));
    array.Set(array.Length(), object);
  }
  return array;
}

Napi::Value ElfFileObject::threadStorage(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  for (const Elf64_Phdr& segment : elf().file().segments()) {
    if (segment.p_type != PT_TLS) continue;
    auto object = Napi::Object::New(env);
    object.Set("address", Napi::BigInt::New(env, static_cast<std::uint64_t>(segment.p_vaddr)));
    object.Set("size", Napi::BigInt::New(env, static_cast<std::uint64_t>(segment.p_memsz)));
    object.Set("alignment", Napi::BigInt::New(env, static_cast<std::uint64_t>(segment.p_align)));
    return object;
  }
  return env.Null();
}

Napi::Value openElf(const Napi::CallbackInfo& info) {
  return create(info.Env(), ElfFile(Argument(info, 0, "openElf: path").text()));
}

Napi::Value openVdso(const Napi::CallbackInfo& info) {
  auto file = ElfFile::ofVdso();
  return file ? create(info.Env(), std::move(*file)) : info.Env().Null();
}

}  // namespace tapbook

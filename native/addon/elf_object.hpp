#pragma once

#include <memory>

#include "../engine/elf/elf_object.hpp"
#include "handle_object.hpp"

namespace tapbook {

/** `NativeElf`. */
class ElfFileObject : public HandleObject<ElfFileObject, Owner<std::unique_ptr<ElfObject>>> {
 public:
  static const napi_type_tag kTag;
  static Napi::Function define(Napi::Env env);

  explicit ElfFileObject(const Napi::CallbackInfo& info) : HandleObject(info) {}
  static void describe(Napi::Object object, Owner<std::unique_ptr<ElfObject>>& held);

  /** Throws when it is closed. */
  ElfObject& elf() { return *held().object(); }

 private:
  Napi::Value functions(const Napi::CallbackInfo& info);
  Napi::Value indirectTargets(const Napi::CallbackInfo& info);
  Napi::Value addressOf(const Napi::CallbackInfo& info);
  Napi::Value symbolAt(const Napi::CallbackInfo& info);
  Napi::Value pltEntries(const Napi::CallbackInfo& info);
  Napi::Value probes(const Napi::CallbackInfo& info);
  Napi::Value offsetOf(const Napi::CallbackInfo& info);
  Napi::Value segments(const Napi::CallbackInfo& info);
  Napi::Value threadStorage(const Napi::CallbackInfo& info);

  // elf_debug_object.cpp
  Napi::Value hasDebugInformation(const Napi::CallbackInfo& info);
  Napi::Value dwarfFunctions(const Napi::CallbackInfo& info);
  Napi::Value dwarfFunctionAt(const Napi::CallbackInfo& info);
  Napi::Value dwarfVariables(const Napi::CallbackInfo& info);
  Napi::Value dwarfVariableNames(const Napi::CallbackInfo& info);
  Napi::Value callFrameAt(const Napi::CallbackInfo& info);
  Napi::Value dwarfType(const Napi::CallbackInfo& info);
  Napi::Value findType(const Napi::CallbackInfo& info);
  Napi::Value findEnumeration(const Napi::CallbackInfo& info);
  Napi::Value typeNames(const Napi::CallbackInfo& info);
  Napi::Value lineOf(const Napi::CallbackInfo& info);
  Napi::Value addressesOf(const Napi::CallbackInfo& info);
};

/** `openElf`. */
Napi::Value openElf(const Napi::CallbackInfo& info);

/** `openVdso`. */
Napi::Value openVdso(const Napi::CallbackInfo& info);

}  // namespace tapbook

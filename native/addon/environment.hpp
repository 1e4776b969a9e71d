#pragma once

#include <napi.h>

#include "../engine/kernel_modules.hpp"
#include "registry.hpp"

namespace tapbook {

/** What belongs to one JavaScript environment: the process, or a worker. */
struct Environment {
  Registry registry;
  TypesByModule types;

  Napi::FunctionReference mapClass;
  Napi::FunctionReference programClass;
  Napi::FunctionReference linkClass;
  Napi::FunctionReference ringBufferClass;
  Napi::FunctionReference perfCounterClass;
  Napi::FunctionReference mappingRecordsClass;
  Napi::FunctionReference typesClass;
  Napi::FunctionReference elfClass;

  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }
};

}  // namespace tapbook

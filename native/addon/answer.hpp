#pragma once

#include <napi.h>

#include <exception>

#include "../engine/error.hpp"

namespace tapbook {

/** The JavaScript error for the kernel's refusal; `EngineError` in kernel/tracing/native.ts. */
inline Napi::Error engineError(Napi::Env env, const Error& refusal) {
  Napi::Error error = Napi::Error::New(env, refusal.what());
  Napi::Object object = error.Value();
  object.DefineProperty(Napi::PropertyDescriptor::Value("name", Napi::String::New(env, "EngineError"), napi_default));
  object.Set("errno", refusal.number());
  object.Set("code", refusal.code());
  object.Set("operation", refusal.operation());
  if (!refusal.verifierLog().empty()) object.Set("verifierLog", refusal.verifierLog());
  return error;
}

/** Runs the body of a function that JavaScript called, and turns what the engine throws into what JavaScript catches.
 */
template <typename Body>
auto answering(Napi::Env env, Body body) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const Error& refusal) {
    throw engineError(env, refusal);
  } catch (const std::exception& failure) {
    throw Napi::Error::New(env, failure.what());
  }
}

}  // namespace tapbook

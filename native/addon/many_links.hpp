#pragma once

#include <napi.h>

namespace tapbook {

/** `attachMany`. */
Napi::Value attachMany(const Napi::CallbackInfo& info);

/** `closeMany`. */
Napi::Value closeMany(const Napi::CallbackInfo& info);

}  // namespace tapbook

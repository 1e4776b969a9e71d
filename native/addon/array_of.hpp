#pragma once

#include <napi.h>

#include <cstdint>

namespace tapbook {

/** A JavaScript array of what `convert` makes of each item. */
template <typename Items, typename Convert>
Napi::Array arrayOf(Napi::Env env, const Items& items, Convert convert) {
  auto array = Napi::Array::New(env, items.size());
  std::uint32_t index = 0;
  for (const auto& item : items) array.Set(index++, convert(item));
  return array;
}

}  // namespace tapbook

#include "argument.hpp"

#include <cmath>

namespace tapbook {

Argument::Argument(const Napi::CallbackInfo& info, std::size_t number, const std::string& name)
    : name_(name), value_(info[number]) {}

void Argument::refuse(const std::string& sentence) const {
  throw Napi::TypeError::New(value_.Env(), name_ + " " + sentence);
}

Argument Argument::field(const char* name) const {
  if (!value_.IsObject()) refuse("must be an object");
  return Argument(name_ + "." + name, value_.As<Napi::Object>().Get(name));
}

std::vector<Argument> Argument::items() const {
  if (!value_.IsArray()) refuse("must be an array");
  const auto array = value_.As<Napi::Array>();
  std::vector<Argument> items;
  for (std::uint32_t index = 0; index < array.Length(); index++) {
    items.push_back(Argument(name_ + "[" + std::to_string(index) + "]", array.Get(index)));
  }
  return items;
}

std::string Argument::text() const {
  if (!value_.IsString()) refuse("must be a string");
  return value_.As<Napi::String>().Utf8Value();
}

bool Argument::flag() const {
  if (!isGiven()) return false;
  if (!value_.IsBoolean()) refuse("must be true or false");
  return value_.As<Napi::Boolean>().Value();
}

std::int64_t Argument::whole(std::int64_t least, std::int64_t most) const {
  const double number = value_.IsNumber() ? value_.As<Napi::Number>().DoubleValue() : NAN;
  const bool isInRange = number >= static_cast<double>(least) && number <= static_cast<double>(most);
  if (!isInRange || std::floor(number) != number) {
    refuse("must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<std::int64_t>(number);
}

std::uint64_t Argument::bits64() const {
  if (!value_.IsBigInt()) refuse("must be a bigint");
  bool isExact = false;
  const std::int64_t withSign = value_.As<Napi::BigInt>().Int64Value(&isExact);
  if (isExact) return static_cast<std::uint64_t>(withSign);
  const std::uint64_t withoutSign = value_.As<Napi::BigInt>().Uint64Value(&isExact);
  if (!isExact) refuse("must fit in 64 bits");
  return withoutSign;
}

Bytes Argument::bytes() const {
  const bool isBytes = value_.IsTypedArray() && value_.As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array;
  if (!isBytes) refuse("must be a Uint8Array");
  const auto array = value_.As<Napi::Uint8Array>();
  return {array.Data(), array.ByteLength()};
}

Bytes Argument::bytes(std::size_t length) const {
  const Bytes bytes = this->bytes();
  if (bytes.length != length) {
    refuse("must have " + std::to_string(length) + " bytes, not " + std::to_string(bytes.length));
  }
  return bytes;
}

Napi::Function Argument::function() const {
  if (!value_.IsFunction()) refuse("must be a function");
  return value_.As<Napi::Function>();
}

}  // namespace tapbook

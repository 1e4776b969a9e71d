#pragma once

#include <napi.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace tapbook {

/** Bytes of a Uint8Array; they stay where they are while the call that got them runs. */
struct Bytes {
  const std::uint8_t* data = nullptr;
  std::size_t length = 0;

  std::vector<std::uint8_t> copy() const { return {data, data + length}; }
};

/**
 * A value that JavaScript handed in, with the words that a TypeError calls it by. Each method says what the value must
 * be, so that the reading of arguments reads like a signature.
 */
class Argument {
 public:
  Argument(const Napi::CallbackInfo& info, std::size_t number, const std::string& name);

  Napi::Env env() const { return value_.Env(); }
  const Napi::Value& value() const { return value_; }
  bool isGiven() const { return !value_.IsUndefined(); }

  /** A property of an object. */
  Argument field(const char* name) const;
  std::vector<Argument> items() const;
  std::string text() const;
  /** False where it is not given. */
  bool flag() const;
  std::int64_t whole(std::int64_t least, std::int64_t most) const;
  std::uint32_t unsigned32() const { return static_cast<std::uint32_t>(whole(0, UINT32_MAX)); }
  /** A bigint that fits in 64 bits, with or without a sign. */
  std::uint64_t bits64() const;
  Bytes bytes() const;
  Bytes bytes(std::size_t length) const;
  Napi::Function function() const;

  template <typename Choice>
  Choice oneOf(std::initializer_list<std::pair<const char*, Choice>> choices) const {
    const std::string chosen = value_.IsString() ? text() : "";
    std::string names;
    for (const auto& [name, choice] : choices) {
      if (chosen == name) return choice;
      names += (names.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
    refuse("must be one of " + names);
  }

  [[noreturn]] void refuse(const std::string& sentence) const;

 private:
  Argument(std::string name, Napi::Value value) : name_(std::move(name)), value_(value) {}

  std::string name_;
  Napi::Value value_;
};

}  // namespace tapbook

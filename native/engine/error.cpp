#include "error.hpp"

#include <cstring>
#include <utility>

namespace tapbook {
namespace {

// The kernel's own number for "this kind of object cannot do that"; bpf(2) lets it through to user space, and the C
// library has no name for it.
constexpr int kNotSupportedInKernel = 524;

std::string nameOf(int number) {
  if (number == kNotSupportedInKernel) return "ENOTSUPP";
  const char* name = strerrorname_np(number);
  return name != nullptr ? name : "E" + std::to_string(number);
}

std::string descriptionOf(int number) {
  if (number == kNotSupportedInKernel) return "Operation not supported by this kind of object";
  const char* description = strerrordesc_np(number);
  return description != nullptr ? description : "unknown error";
}

}  // namespace

Error::Error(int number, std::string operation, std::string verifierLog)
    : number_(number),
      code_(nameOf(number)),
      operation_(std::move(operation)),
      verifierLog_(std::move(verifierLog)),
      message_("cannot " + operation_ + ": " + code_ + " (" + descriptionOf(number) + ")") {}

std::string quoted(const std::string& name) { return '"' + name + '"'; }

}  // namespace tapbook

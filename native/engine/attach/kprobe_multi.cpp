#include "kprobe_multi.hpp"

#include <cerrno>

#include "../error.hpp"
#include "link_create.hpp"

namespace tapbook {
namespace {

std::string describe(const KprobeMultiOptions& options) {
  const std::size_t count = options.functions.size() + options.addresses.size();
  std::string text = options.isReturn ? "the returns of " : "";
  text += std::to_string(count) + " kernel function" + (count == 1 ? "" : "s");
  if (!options.functions.empty()) text += ", the first " + quoted(options.functions.front());
  return text;
}

template <typename Item>
std::uint64_t addressOf(const std::vector<Item>& items) {
  return items.empty() ? 0 : reinterpret_cast<std::uint64_t>(items.data());
}

}  // namespace

Link attachKprobeMulti(const Program& program, const KprobeMultiOptions& options) {
  std::vector<const char*> names;
  names.reserve(options.functions.size());
  for (const std::string& function : options.functions) names.push_back(function.c_str());

  LinkCreation creation(program, 0, BPF_TRACE_KPROBE_MULTI);
  creation.kprobeMulti.flags = options.isReturn ? BPF_F_KPROBE_MULTI_RETURN : 0;
  creation.kprobeMulti.count = static_cast<std::uint32_t>(options.functions.size() + options.addresses.size());
  creation.kprobeMulti.symbols = addressOf(names);
  creation.kprobeMulti.addresses = addressOf(options.addresses);
  creation.kprobeMulti.cookies = addressOf(options.cookies);
  FileDescriptor link = createLink(creation);
  if (!link.isOpen()) throw Error(errno, "attach program " + quoted(program.name()) + " to " + describe(options));
  return Link(std::move(link));
}

}  // namespace tapbook

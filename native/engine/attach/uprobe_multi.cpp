#include "uprobe_multi.hpp"

#include <cerrno>

#include "../error.hpp"
#include "link_create.hpp"

namespace tapbook {
namespace {

std::string describe(const UprobeMultiOptions& options) {
  return std::string(options.isReturn ? "the returns of " : "") + std::to_string(options.offsets.size()) + " place" +
         (options.offsets.size() == 1 ? "" : "s") + " in " + quoted(options.path);
}

std::uint64_t addressOf(const std::vector<std::uint64_t>& numbers) {
  return numbers.empty() ? 0 : reinterpret_cast<std::uint64_t>(numbers.data());
}

}  // namespace

Link attachUprobeMulti(const Program& program, const UprobeMultiOptions& options) {
  LinkCreation creation(program, 0, kAttachUprobeMulti);
  creation.uprobeMulti.path = reinterpret_cast<std::uint64_t>(options.path.c_str());
  creation.uprobeMulti.offsets = addressOf(options.offsets);
  creation.uprobeMulti.referenceCounterOffsets = addressOf(options.referenceCounterOffsets);
  creation.uprobeMulti.cookies = addressOf(options.cookies);
  creation.uprobeMulti.count = static_cast<std::uint32_t>(options.offsets.size());
  creation.uprobeMulti.flags = options.isReturn ? kUprobeMultiReturn : 0;
  // Here 0 stands for all processes.
  creation.uprobeMulti.pid = options.pid < 0 ? 0 : static_cast<std::uint32_t>(options.pid);
  FileDescriptor link = createLink(creation);
  if (!link.isOpen()) throw Error(errno, "attach program " + quoted(program.name()) + " to " + describe(options));
  return Link(std::move(link));
}

}  // namespace tapbook

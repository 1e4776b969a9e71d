#include "netfilter.hpp"

#include <cerrno>

#include "../error.hpp"
#include "link_create.hpp"

namespace tapbook {

Link attachNetfilter(const Program& program, const NetfilterOptions& options) {
  LinkCreation creation(program, 0, kAttachNetfilter);
  creation.netfilter.protocolFamily = options.protocolFamily;
  creation.netfilter.hook = options.hook;
  creation.netfilter.priority = options.priority;
  FileDescriptor link = createLink(creation);
  if (!link.isOpen()) {
    throw Error(errno, "attach program " + quoted(program.name()) + " to netfilter hook " +
                           std::to_string(options.protocolFamily) + ":" + std::to_string(options.hook) +
                           " with priority " + std::to_string(options.priority));
  }
  return Link(std::move(link));
}

}  // namespace tapbook

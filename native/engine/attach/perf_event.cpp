#include "perf_event.hpp"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "../error.hpp"
#include "link_create.hpp"

namespace tapbook {

FileDescriptor openEvent(perf_event_attr attributes, EventScope scope, const std::string& operation) {
  attributes.size = sizeof attributes;
  FileDescriptor event(
      static_cast<int>(syscall(SYS_perf_event_open, &attributes, scope.pid, scope.cpu, -1, PERF_FLAG_FD_CLOEXEC)));
  if (!event.isOpen()) throw Error(errno, operation);
  return event;
}

Link attachToEvent(const Program& program, perf_event_attr attributes, EventScope scope, std::uint64_t cookie,
                   const std::string& operation) {
  attributes.disabled = 1;
  FileDescriptor event = openEvent(attributes, scope, operation);

  LinkCreation creation(program, event.number(), BPF_PERF_EVENT);
  creation.perfEvent.cookie = cookie;
  FileDescriptor link = createLink(creation);
  // Kernels before 5.15 know no such link, and no cookies.
  const bool withoutLink = !link.isOpen() && errno == EINVAL && cookie == 0;
  if (!link.isOpen() && !withoutLink) throw Error(errno, operation);
  if (withoutLink && ioctl(event.number(), PERF_EVENT_IOC_SET_BPF, program.descriptor()) != 0) {
    throw Error(errno, operation);
  }
  if (ioctl(event.number(), PERF_EVENT_IOC_ENABLE, 0) != 0) throw Error(errno, operation);
  return Link(std::move(event), std::move(link));
}

Link attachPerfEvent(const Program& program, const PerfEventOptions& options) {
  perf_event_attr attributes{};
  attributes.type = options.type;
  attributes.config = options.config;
  attributes.config1 = options.config1;
  attributes.config2 = options.config2;
  attributes.freq = options.byFrequency ? 1 : 0;
  attributes.sample_period = options.sample;
  attributes.inherit = options.inherited ? 1 : 0;
  const std::string operation = "attach program " + quoted(program.name()) + " to perf event " +
                                std::to_string(options.type) + ":" + std::to_string(options.config);
  return attachToEvent(program, attributes, {options.pid, options.cpu}, 0, operation);
}

}  // namespace tapbook

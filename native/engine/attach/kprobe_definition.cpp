#include "kprobe_definition.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "../error.hpp"
#include "trace_file_system.hpp"

namespace tapbook {
namespace {

const std::string kGroupStart = "tapbook_";

/** A row of the file defines an event or, after a minus, removes one. Where it is refused: false, and `errno`. */
bool writeRow(const std::string& row, const std::string& operation) {
  const FileDescriptor file = openTraceFile("kprobe_events", O_WRONLY | O_APPEND, operation);
  return write(file.number(), row.data(), row.size()) == static_cast<ssize_t>(row.size());
}

void removeDefinition(const std::string& group, const std::string& name) noexcept {
  try {
    // What somebody uses is refused, and stays for the next to remove.
    writeRow("-:" + group + "/" + name, "remove the definition of a kprobe");
  } catch (const Error&) {
    return;
  }
}

bool isGone(const std::string& group) {
  if (group.rfind(kGroupStart, 0) != 0) return false;
  const int pid = std::atoi(group.c_str() + kGroupStart.size());
  return pid > 0 && kill(pid, 0) != 0 && errno == ESRCH;
}

void removeLeftovers() {
  for (const ClassicTracepoint& event : classicTracepoints()) {
    if (isGone(event.group)) removeDefinition(event.group, event.name);
  }
}

}  // namespace

KprobeDefinition::KprobeDefinition(const std::string& place, bool isReturn, std::uint32_t maxActive,
                                   const std::string& operation)
    : group_(kGroupStart + std::to_string(getpid())),
      name_("kprobe_" + std::to_string(reinterpret_cast<std::uintptr_t>(this))) {
  removeLeftovers();
  const std::string kind = (isReturn ? "r" : "p") + std::to_string(maxActive);
  if (!writeRow(kind + ":" + group_ + "/" + name_ + " " + place, operation)) throw Error(errno, operation);
  try {
    number_ = tracepointNumber(group_, name_, operation);
  } catch (const Error&) {
    removeDefinition(group_, name_);
    throw;
  }
}

KprobeDefinition::~KprobeDefinition() { removeDefinition(group_, name_); }

}  // namespace tapbook

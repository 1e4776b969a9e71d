#include "trace_file_system.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "../error.hpp"

namespace tapbook {
namespace {

FileDescriptor openMounted() {
  for (const char* path : {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"}) {
    FileDescriptor directory(open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC));
    struct statfs information {};
    // The directory is there even while nothing is mounted on it.
    if (directory.isOpen() && fstatfs(directory.number(), &information) == 0 && information.f_type == TRACEFS_MAGIC) {
      return directory;
    }
  }
  return FileDescriptor();
}

/** Opens the file system without a mount point: it is nowhere in the file tree and gone with its descriptor. */
FileDescriptor openDetached(const std::string& operation) {
  FileDescriptor context(static_cast<int>(syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC)));
  if (!context.isOpen()) throw Error(errno, operation);
  if (syscall(SYS_fsconfig, context.number(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) {
    throw Error(errno, operation);
  }
  FileDescriptor mount(
      static_cast<int>(syscall(SYS_fsmount, context.number(), FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC)));
  if (!mount.isOpen()) throw Error(errno, operation);
  return mount;
}

bool isFileName(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

FileDescriptor openRoot(const std::string& operation) {
  FileDescriptor root = openMounted();
  return root.isOpen() ? std::move(root) : openDetached(operation);
}

/** The names of a folder's folders, in order. */
std::vector<std::string> foldersIn(const FileDescriptor& root, const std::string& path, const std::string& operation) {
  const int opened = openat(root.number(), path.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opened < 0 ? nullptr : fdopendir(opened), closedir);
  if (folder == nullptr) {
    const int number = errno;
    if (opened >= 0) close(opened);
    throw Error(number, operation);
  }
  std::vector<std::string> names;
  while (const dirent* entry = readdir(folder.get())) {
    if (entry->d_type == DT_DIR && entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::vector<ClassicTracepoint> classicTracepoints() {
  const std::string operation = "list the tracepoints";
  const FileDescriptor root = openRoot(operation);
  std::vector<ClassicTracepoint> found;
  for (const std::string& group : foldersIn(root, "events", operation)) {
    for (const std::string& name : foldersIn(root, "events/" + group, operation)) {
      // What cannot be enabled is a record of ftrace's own, and no program can be attached to it.
      const std::string enable = "events/" + group + "/" + name + "/enable";
      if (faccessat(root.number(), enable.c_str(), F_OK, 0) == 0) found.push_back({group, name});
    }
  }
  return found;
}

FileDescriptor openTraceFile(const std::string& path, int flags, const std::string& operation) {
  const FileDescriptor root = openRoot(operation);
  FileDescriptor file(openat(root.number(), path.c_str(), flags | O_CLOEXEC));
  if (!file.isOpen()) throw Error(errno, operation);
  return file;
}

std::uint64_t tracepointNumber(const std::string& group, const std::string& name, const std::string& operation) {
  if (!isFileName(group) || !isFileName(name)) throw Error(ENOENT, operation);
  const FileDescriptor file = openTraceFile("events/" + group + "/" + name + "/id", O_RDONLY, operation);
  char text[32] = {};
  if (read(file.number(), text, sizeof text - 1) <= 0) throw Error(errno, operation);
  return std::strtoull(text, nullptr, 10);
}

}  // namespace tapbook

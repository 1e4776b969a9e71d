#include "debug_file.hpp"

#include <unistd.h>

#include "../error.hpp"

namespace tapbook {
namespace {

const std::string kDebugFolder = "/usr/lib/debug";

std::string folderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::optional<ElfFile> openBuild(const std::string& path, const std::string& buildId) {
  if (access(path.c_str(), R_OK) != 0) return std::nullopt;
  try {
    ElfFile file(path);
    if (!buildId.empty() && file.buildId() != buildId) return std::nullopt;
    return file;
  } catch (const Error&) {
    // A damaged debug file is as good as none: the symbols that the program itself has remain.
    return std::nullopt;
  }
}

}  // namespace

std::optional<ElfFile> debugFileOf(const ElfFile& file) {
  const std::string buildId = file.buildId();
  if (buildId.size() > 2) {
    const std::string path = kDebugFolder + "/.build-id/" + buildId.substr(0, 2) + "/" + buildId.substr(2) + ".debug";
    if (auto found = openBuild(path, buildId)) return found;
  }
  const ElfSection* link = file.section(".gnu_debuglink");
  if (link == nullptr) return std::nullopt;
  const std::string name = file.strings(*link).data();
  if (name.empty() || name.find('/') != std::string::npos) return std::nullopt;
  const std::string folder = folderOf(file.realPath());
  for (const std::string& path :
       {folder + "/" + name, folder + "/.debug/" + name, kDebugFolder + folder + "/" + name}) {
    if (auto found = openBuild(path, buildId)) return found;
  }
  return std::nullopt;
}

}  // namespace tapbook

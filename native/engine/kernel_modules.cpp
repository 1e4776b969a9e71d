#include "kernel_modules.hpp"

#include <bpf/bpf.h>
#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "error.hpp"

namespace tapbook {
namespace {

const std::string kFolder = "/sys/kernel/btf";
constexpr const char* kKernelItself = "vmlinux";

}  // namespace

std::vector<std::string> modulesWithTypes() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(kFolder.c_str()), closedir);
  if (folder == nullptr) throw Error(errno, "list " + kFolder);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name[0] != '.' && name != kKernelItself) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

FileDescriptor openModuleTypes(const std::string& module) {
  const std::string operation = "open the types of kernel module " + quoted(module);
  std::uint32_t id = 0;
  while (bpf_btf_get_next_id(id, &id) == 0) {
    FileDescriptor types(bpf_btf_get_fd_by_id(id));
    // Others come and go meanwhile.
    if (!types.isOpen() && errno == ENOENT) continue;
    if (!types.isOpen()) throw Error(errno, operation);
    char name[64] = {};
    bpf_btf_info info{};
    info.name = reinterpret_cast<std::uint64_t>(name);
    info.name_len = sizeof name;
    std::uint32_t size = sizeof info;
    if (bpf_obj_get_info_by_fd(types.number(), &info, &size) != 0) throw Error(errno, operation);
    if (info.kernel_btf != 0 && module == name) return types;
  }
  throw Error(errno, operation);
}

TypesByModule::TypesByModule() : kernel_(std::make_shared<KernelTypes>()) {}

std::shared_ptr<const KernelTypes> TypesByModule::of(const std::string& module) {
  if (module.empty()) return kernel_;
  const std::string operation = "read kernel module " + quoted(module) + "'s types from BTF";
  const bool isName = module[0] != '.' && module.find('/') == std::string::npos && module != kKernelItself;
  if (!isName) throw Error(ENOENT, operation);
  struct stat information {};
  if (stat((kFolder + "/" + module).c_str(), &information) != 0) throw Error(errno, operation);
  Loaded& loaded = modules_[module];
  if (loaded.types == nullptr || loaded.file != information.st_ino) {
    loaded = {information.st_ino, std::make_shared<KernelTypes>(kernel_, module)};
  }
  return loaded.types;
}

}  // namespace tapbook

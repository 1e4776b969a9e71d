#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "file_descriptor.hpp"
#include "kernel_types.hpp"

namespace tapbook {

/** The loaded modules that have types, in the order of their names. */
std::vector<std::string> modulesWithTypes();

/** The kernel's object that holds a module's types, for loading programs; throws ENOENT where there is none. */
FileDescriptor openModuleTypes(const std::string& module);

/** The types of the kernel and of its modules, each read on first use and again when a module was replaced. */
class TypesByModule {
 public:
  TypesByModule();

  /** `module` is empty for the kernel itself. Throws ENOENT where there are no types. */
  std::shared_ptr<const KernelTypes> of(const std::string& module);

 private:
  struct Loaded {
    /** The number of the module's file of types, a new one each time the module is loaded. */
    unsigned long file = 0;
    std::shared_ptr<const KernelTypes> types;
  };

  std::shared_ptr<const KernelTypes> kernel_;
  std::map<std::string, Loaded> modules_;
};

}  // namespace tapbook

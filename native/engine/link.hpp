#pragma once

#include <memory>
#include <utility>

#include "file_descriptor.hpp"

namespace tapbook {

/** What keeps a program attached: the kernel detaches it when the descriptors close. */
class Link {
 public:
  explicit Link(FileDescriptor link) : link_(std::move(link)) {}
  /** Of a program on a perf event; the link, where there is one, closes before its event. */
  Link(FileDescriptor event, FileDescriptor link) : event_(std::move(event)), link_(std::move(link)) {}

  /** Lets go of `thing` when all is closed. */
  void keep(std::shared_ptr<void> thing) { kept_ = std::move(thing); }

 private:
  std::shared_ptr<void> kept_;
  FileDescriptor event_;
  FileDescriptor link_;
};

}  // namespace tapbook

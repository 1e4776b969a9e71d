#pragma once

#include <list>
#include <memory>

namespace tapbook {

/** Something of the kernel's that is open until it is closed. */
class Handle {
 public:
  virtual ~Handle() = default;
  /** May be called twice. */
  virtual void close() = 0;
};

/** Every open handle of one JavaScript environment, oldest first. */
class Registry {
 public:
  void add(std::shared_ptr<Handle> handle) { open_.push_back(std::move(handle)); }

  /** Closes the handle and forgets it. */
  void close(const std::shared_ptr<Handle>& handle) {
    open_.remove(handle);
    handle->close();
  }

  void closeNewestFirst() {
    while (!open_.empty()) close(std::shared_ptr<Handle>(open_.back()));
  }

  std::size_t size() const { return open_.size(); }

 private:
  std::list<std::shared_ptr<Handle>> open_;
};

}  // namespace tapbook

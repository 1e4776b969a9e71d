#pragma once

#include <cstdint>
#include <string>

namespace tapbook {

/**
 * A tracepoint of our own at a function of the kernel, defined through tracefs while this lives. A process that is
 * killed leaves its definitions behind, though nothing attached to them: the next definition removes those of processes
 * that are gone.
 */
class KprobeDefinition {
 public:
  /** `place` as tracefs has it: `function`, `module:function`, `function+offset` or an address. */
  KprobeDefinition(const std::string& place, bool isReturn, std::uint32_t maxActive, const std::string& operation);
  ~KprobeDefinition();
  KprobeDefinition(const KprobeDefinition&) = delete;
  KprobeDefinition& operator=(const KprobeDefinition&) = delete;

  /** The tracepoint's. */
  std::uint64_t number() const { return number_; }

 private:
  std::string group_;
  std::string name_;
  std::uint64_t number_ = 0;
};

}  // namespace tapbook

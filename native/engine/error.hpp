#pragma once

#include <exception>
#include <string>

namespace tapbook {

/** The kernel refused: what was tried and which answer came. */
class Error : public std::exception {
 public:
  Error(int number, std::string operation, std::string verifierLog = {});

  const char* what() const noexcept override { return message_.c_str(); }
  int number() const noexcept { return number_; }
  /** The number's name, such as `EPERM`. */
  const std::string& code() const noexcept { return code_; }
  const std::string& operation() const noexcept { return operation_; }
  const std::string& verifierLog() const noexcept { return verifierLog_; }

 private:
  int number_;
  std::string code_;
  std::string operation_;
  std::string verifierLog_;
  std::string message_;
};

/** `name` in quotes, for operations. */
std::string quoted(const std::string& name);

}  // namespace tapbook

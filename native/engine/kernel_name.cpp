#include "kernel_name.hpp"

#include <linux/bpf.h>

namespace tapbook {

std::string kernelName(const std::string& name) {
  std::string accepted = name.substr(0, BPF_OBJ_NAME_LEN - 1);
  for (char& character : accepted) {
    const bool isLetter = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    const bool isDigit = character >= '0' && character <= '9';
    if (!isLetter && !isDigit && character != '.') character = '_';
  }
  return accepted;
}

}  // namespace tapbook

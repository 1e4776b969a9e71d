#include "report.hpp"

#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace workload {

Report::CallCount& Report::callOf(const char* name) {
  for (CallCount& call : calls_) {
    if (call.name == nullptr) call.name = name;
    if (std::strcmp(call.name, name) == 0) return call;
  }
  std::abort();
}

void Report::addError(CallCount& call, int number, std::uint64_t count) {
  for (ErrorCount& error : call.errors) {
    if (error.number == 0) error.number = number;
    if (error.number != number) continue;
    error.count += count;
    return;
  }
  std::abort();
}

void Report::count(const char* name, long answer) {
  CallCount& call = callOf(name);
  call.count++;
  if (answer == -1) addError(call, errno, 1);
}

void Report::add(const Report& other) {
  for (const CallCount& theirs : other.calls_) {
    if (theirs.name == nullptr) break;
    CallCount& ours = callOf(theirs.name);
    ours.count += theirs.count;
    for (const ErrorCount& error : theirs.errors) {
      if (error.number != 0) addError(ours, error.number, error.count);
    }
  }
}

void Report::print() const {
  char comm[16] = {};
  prctl(PR_GET_NAME, comm);
  std::string name;
  for (const char* character = comm; *character != '\0'; character++) {
    if (*character == '"' || *character == '\\') name += '\\';
    name += *character;
  }

  std::string calls;
  std::string errors;
  for (const CallCount& call : calls_) {
    if (call.name == nullptr) break;
    calls += (calls.empty() ? "\"" : ",\"") + std::string(call.name) + "\":" + std::to_string(call.count);
    std::string ofCall;
    for (const ErrorCount& error : call.errors) {
      if (error.number == 0) break;
      ofCall += (ofCall.empty() ? "\"" : ",\"") + std::string(strerrorname_np(error.number)) +
                "\":" + std::to_string(error.count);
    }
    if (!ofCall.empty()) errors += (errors.empty() ? "\"" : ",\"") + std::string(call.name) + "\":{" + ofCall + "}";
  }
  const std::string line = "{\"pid\":" + std::to_string(getpid()) + ",\"comm\":\"" + name + "\",\"calls\":{" + calls +
                           "},\"errors\":{" + errors + "}}";
  printLine(line.c_str());
}

void printLine(const char* text) {
  iovec parts[2] = {{const_cast<char*>(text), std::strlen(text)}, {const_cast<char*>("\n"), 1}};
  if (writev(STDOUT_FILENO, parts, 2) < 0) std::exit(1);
}

void awaitLine() {
  char character = '\0';
  iovec part = {&character, 1};
  while (character != '\n' && readv(STDIN_FILENO, &part, 1) == 1) continue;
}

}  // namespace workload

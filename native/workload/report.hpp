#pragma once

#include <cstddef>
#include <cstdint>

namespace workload {

/** How often each system call was made, and with which errors. Fixed in size, so that counting calls nothing. */
class Report {
 public:
  /** Counts one system call that answered as syscall(2) does; `name` must live as long as the report. */
  void count(const char* name, long answer);
  /** Adds what another thread counted. */
  void add(const Report& other);
  /** Writes the report as one line of JSON on standard output. */
  void print() const;

 private:
  struct ErrorCount {
    int number = 0;
    std::uint64_t count = 0;
  };
  struct CallCount {
    const char* name = nullptr;
    std::uint64_t count = 0;
    ErrorCount errors[4];
  };

  CallCount& callOf(const char* name);
  static void addError(CallCount& call, int number, std::uint64_t count);

  CallCount calls_[8];
};

/** Writes one line on standard output, with writev. */
void printLine(const char* text);

/** Waits for the end of a line, or of standard input, with readv. */
void awaitLine();

}  // namespace workload

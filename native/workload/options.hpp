#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace workload {

/** What the command line asks for. */
struct Options {
  std::string kind;
  /** `syscalls`: which, in turn. */
  std::vector<std::string> calls;
  std::uint64_t count = 1000;
  /** Calls a second; 0 for as many as can be. */
  std::uint64_t rate = 0;
  std::uint64_t missing = 50;
  std::uint64_t existing = 50;
  std::string path = "/dev/null";
  std::uint64_t size = 4096;
  double seconds = 1;
  std::uint64_t milliseconds = 10;
  std::uint64_t threads = 2;
  std::string name;
  bool wait = false;
  bool hold = false;
};

/** Ends the program, with the usage on standard error, where the command line is wrong. */
Options parseOptions(int count, char** arguments);

[[noreturn]] void refuse(const std::string& complaint);

}  // namespace workload

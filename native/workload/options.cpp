#include "options.hpp"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>

namespace workload {
namespace {

constexpr const char* kUsage =
    R"(usage: workload KIND [options]

kinds
  syscalls NAME...   system calls in turn: getppid, gettimeofday, read, write, openat (each closed again),
                     close (of no file: EBADF), lseek, sched_yield; --count of each
  stat               newfstatat, statx and stat, where the machine has it, of --missing and --existing files
  read               --count reads of --size bytes from /dev/zero
  busy               keeps a CPU busy for --seconds
  sleep              --count sleeps of --milliseconds
  threads            --threads threads with --count calls of getppid each
  chain              --count calls of getppid from chain_inner, which chain_middle calls, which chain_outer calls; after every
                     second one another from chain_inner, which chain_shortcut calls

options
  --count N          default 1000
  --rate R           system calls a second; default: as fast as can be
  --missing N        default 50; the missing file is PATH.missing
  --existing N       default 50
  --path PATH        the existing file; default /dev/null
  --size BYTES       default 4096
  --seconds S        default 1
  --milliseconds N   default 10
  --threads T        default 2
  --name COMM        the command name, at most 15 bytes
  --wait             print "ready PID" and wait for a line on standard input before starting
  --hold             wait for a line on standard input before ending

Prints one line of JSON that tells which system calls it made, and with which errors.
)";

std::uint64_t number(const std::string& option, const char* text) {
  char* end = nullptr;
  const std::uint64_t value = std::strtoull(text, &end, 10);
  if (end == text || *end != '\0' || *text == '-') refuse(option + " needs a number, not \"" + text + "\"");
  return value;
}

double decimal(const std::string& option, const char* text) {
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(value >= 0)) refuse(option + " needs a number, not \"" + text + "\"");
  return value;
}

}  // namespace

void refuse(const std::string& complaint) {
  std::fprintf(stderr, "workload: %s\n%s", complaint.c_str(), kUsage);
  std::exit(2);
}

Options parseOptions(int count, char** arguments) {
  if (count < 2) refuse("which kind?");
  Options options;
  options.kind = arguments[1];

  using Reader = std::function<void(const std::string&, const char*)>;
  const auto numberInto = [](std::uint64_t& place) -> Reader {
    return [&place](const std::string& option, const char* text) { place = number(option, text); };
  };
  const auto textInto = [](std::string& place) -> Reader {
    return [&place](const std::string&, const char* text) { place = text; };
  };
  const std::map<std::string, Reader> readers = {
      {"--count", numberInto(options.count)},
      {"--rate", numberInto(options.rate)},
      {"--missing", numberInto(options.missing)},
      {"--existing", numberInto(options.existing)},
      {"--path", textInto(options.path)},
      {"--size", numberInto(options.size)},
      {"--seconds", [&](const std::string& option, const char* text) { options.seconds = decimal(option, text); }},
      {"--milliseconds", numberInto(options.milliseconds)},
      {"--threads", numberInto(options.threads)},
      {"--name", textInto(options.name)},
  };

  for (int index = 2; index < count; index++) {
    const std::string word = arguments[index];
    const auto reader = readers.find(word);
    if (word == "--wait") {
      options.wait = true;
    } else if (word == "--hold") {
      options.hold = true;
    } else if (reader != readers.end()) {
      if (index + 1 == count) refuse(word + " needs a value");
      reader->second(word, arguments[++index]);
    } else if (word.rfind("--", 0) != 0 && options.kind == "syscalls") {
      options.calls.push_back(word);
    } else {
      refuse("what is \"" + word + "\"?");
    }
  }
  if (options.kind == "syscalls" && options.calls.empty()) refuse("which system calls?");
  if (options.name.size() > 15) refuse("a command name has at most 15 bytes");
  return options;
}

}  // namespace workload

#include "event_source.hpp"

#include <cstdlib>
#include <fstream>

namespace tapbook {
namespace {

std::string firstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string folder(const std::string& source) { return "/sys/bus/event_source/devices/" + source; }

}  // namespace

std::optional<std::uint32_t> eventSourceType(const std::string& source) {
  const std::string text = firstLine(folder(source) + "/type");
  if (text.empty()) return std::nullopt;
  return static_cast<std::uint32_t>(std::strtoul(text.c_str(), nullptr, 10));
}

std::uint64_t returnBit(const std::string& source) {
  // "config:0"
  const std::string text = firstLine(folder(source) + "/format/retprobe");
  const std::size_t colon = text.find(':');
  const unsigned long bit = colon == std::string::npos ? 0 : std::strtoul(text.c_str() + colon + 1, nullptr, 10);
  return std::uint64_t{1} << (bit & 63);
}

}  // namespace tapbook

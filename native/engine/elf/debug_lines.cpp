// Lines of source for addresses, and addresses for lines.

#include <algorithm>
#include <set>

#include "debug_information.hpp"
#include "source_path.hpp"

namespace tapbook {

const std::vector<DebugInformation::UnitRange>& DebugInformation::unitRanges() {
  if (!unitRanges_.empty()) return unitRanges_;
  // Not every compiler writes the table that tells this (.debug_aranges).
  for (std::size_t number = 0; number < index_->units().size(); number++) {
    Dwarf_Die unit = index_->units()[number].lines;
    Dwarf_Addr base = 0;
    Dwarf_Addr low = 0;
    Dwarf_Addr high = 0;
    for (std::ptrdiff_t next = 0; (next = libdw_.ranges(&unit, next, &base, &low, &high)) > 0;) {
      if (high > low) unitRanges_.push_back({low, high, number});
    }
  }
  std::sort(unitRanges_.begin(), unitRanges_.end(),
            [](const UnitRange& one, const UnitRange& other) { return one.low < other.low; });
  return unitRanges_;
}

std::optional<SourceLine> DebugInformation::lineOf(std::uint64_t address) {
  const std::vector<UnitRange>& ranges = unitRanges();
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), address,
                                      [](std::uint64_t wanted, const UnitRange& range) { return wanted < range.low; });
  if (after == ranges.begin() || address >= (after - 1)->high) return std::nullopt;
  Dwarf_Die unit = index_->units()[(after - 1)->unit].lines;
  Dwarf_Line* line = libdw_.getSourceLine(&unit, address);
  const char* file = line != nullptr ? libdw_.lineSource(line, nullptr, nullptr) : nullptr;
  SourceLine answer;
  // Line 0 is code that belongs to no line.
  if (file == nullptr || libdw_.lineNumber(line, &answer.line) != 0 || answer.line == 0) return std::nullopt;
  answer.file = file;
  return answer;
}

std::vector<std::uint64_t> DebugInformation::addressesOf(const std::string& file, int wanted) {
  std::set<std::uint64_t> addresses;
  for (const DebugUnit& described : index_->units()) {
    Dwarf_Die unit = described.lines;
    Dwarf_Lines* lines = nullptr;
    std::size_t count = 0;
    if (libdw_.getSourceLines(&unit, &lines, &count) != 0) continue;
    bool isWithin = false;
    for (std::size_t number = 0; number < count; number++) {
      Dwarf_Line* row = libdw_.oneSourceLine(lines, number);
      int line = 0;
      bool endsSequence = false;
      bool beginsStatement = false;
      libdw_.lineNumber(row, &line);
      libdw_.lineEndsSequence(row, &endsSequence);
      libdw_.lineBeginsStatement(row, &beginsStatement);
      const char* source = line == wanted && !endsSequence ? libdw_.lineSource(row, nullptr, nullptr) : nullptr;
      const bool isLine = source != nullptr && isSourcePath(source, file);
      // Further rows of the same line follow where only the column changes: its code began before.
      Dwarf_Addr address = 0;
      if (isLine && !isWithin && beginsStatement && libdw_.lineAddress(row, &address) == 0) addresses.insert(address);
      isWithin = isLine && (isWithin || beginsStatement);
    }
  }
  return {addresses.begin(), addresses.end()};
}

}  // namespace tapbook

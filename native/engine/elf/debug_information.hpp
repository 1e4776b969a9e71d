#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "debug_index.hpp"
#include "debug_location.hpp"
#include "debug_types.hpp"
#include "elf_file.hpp"

namespace tapbook {

struct DebugVariable {
  const char* name = "";
  /** A number of `DebugTypes`. */
  std::uint32_t type = 0;
  /** Where it is declared; empty and 0 where nothing says. */
  std::string file;
  int line = 0;
  std::vector<DebugLocation> locations;
  /** Its value, where the compiler left no variable. */
  std::optional<std::int64_t> constant;
};

/** One place where a function's code begins: of its own, or where it was inlined. */
struct DebugFunction {
  const char* name = "";
  std::string file;
  int line = 0;
  std::uint64_t address = 0;
  /** Behind what builds the stack frame: from here on, unoptimised code finds its variables in the frame. */
  std::uint64_t bodyAddress = 0;
  bool isInlined = false;
  std::uint32_t returnType = 0;
  std::vector<DebugVariable> parameters;
  /** Of the outermost block and those within. */
  std::vector<DebugVariable> locals;
  /** What DW_OP_fbreg counts from. */
  std::vector<DebugLocation> frameBase;
};

struct SourceLine {
  std::string file;
  int line = 0;
};

/** A program's DWARF, of the file itself or of its debug file. For one thread. */
class DebugInformation {
 public:
  /** Whether there is any; looks for a debug file, but needs no libdw. */
  static bool isThere(const ElfFile& file);
  /** Null where there is none; throws ELIBACC where libdw is missing. */
  static std::unique_ptr<DebugInformation> open(const ElfFile& file);

  ~DebugInformation();
  DebugInformation(const DebugInformation&) = delete;

  std::vector<DebugFunction> functions(const std::string& name);
  /** The function whose own code begins at an address, whatever its names are. */
  std::optional<DebugFunction> functionAt(std::uint64_t address);
  /** A variable of the program, not of a function. With a file, the one that is declared there. */
  std::optional<DebugVariable> variable(const std::string& name, const std::string& file);
  DebugTypes& types() { return *types_; }
  std::optional<SourceLine> lineOf(std::uint64_t address);
  /** Where the code of a line begins, each time that it does. */
  std::vector<std::uint64_t> addressesOf(const std::string& file, int line);
  /** The expression for the caller's stack pointer (DW_OP_call_frame_cfa); empty where nothing says. */
  std::vector<DebugOperation> callFrameAt(std::uint64_t address);

 private:
  struct UnitRange {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::size_t unit = 0;
  };

  DebugInformation(const Libdw& libdw, const ElfFile& file, std::optional<ElfFile> debugFile);

  void addInstances(Dwarf_Die& abstract, std::vector<DebugFunction>& found);
  /** 0 where the entry has no code. */
  std::uint64_t entryOf(Dwarf_Die& die);
  std::optional<DebugFunction> describe(Dwarf_Die& die, bool isInlined);
  DebugVariable describeVariable(Dwarf_Die& die);
  void addVariables(Dwarf_Die& parent, DebugFunction& function);
  const std::vector<UnitRange>& unitRanges();

  const Libdw& libdw_;
  /** Held open for libdw. */
  std::optional<ElfFile> debugFile_;
  Dwarf* dwarf_ = nullptr;
  Elf* elf_ = nullptr;
  Dwarf_CFI* frames_ = nullptr;
  std::unique_ptr<DebugIndex> index_;
  std::unique_ptr<DebugTypes> types_;
  std::vector<UnitRange> unitRanges_;
  /** Functions by where they begin; made when first needed. */
  std::unordered_map<std::uint64_t, std::size_t> functionsByEntry_;
};

}  // namespace tapbook

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
  /** Where it is declared; empty where nothing says. */
  std::string file;
  std::vector<DebugLocation> locations;
  /** Its value, where the compiler left no variable. */
  std::optional<std::int64_t> constant;
  /** Other source files see it too. */
  bool isExternal = false;
};

/** A place in a function that its source names. */
struct DebugLabel {
  const char* name = "";
  int line = 0;
  std::uint64_t address = 0;
};

/** A call in a function's code, or a function that was inlined there. */
struct DebugCall {
  /** Of the function that is called. */
  const char* name = "";
  /** Where its own code begins; 0 where this program has none of it. */
  std::uint64_t entry = 0;
  /** Where the inlined copy begins; 0 for a call. */
  std::uint64_t inlinedAt = 0;
};

struct CodeRange {
  std::uint64_t low = 0;
  /** The first address behind. */
  std::uint64_t high = 0;
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
  std::vector<DebugLabel> labels;
  /** In the order of the file. */
  std::vector<DebugCall> calls;
  /** Every call is among them; compilers tell calls only where they optimise. */
  bool tellsCalls = false;
  /** Its code, which may lie in several pieces. */
  std::vector<CodeRange> code;
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

  std::vector<DebugFunction> functions(const std::string& name);
  /** The function whose own code begins at an address, whatever its names are. */
  std::optional<DebugFunction> functionAt(std::uint64_t address);
  /** Variables of the program, not of a function: static ones of several files may share a name. */
  std::vector<DebugVariable> variables(const std::string& name);
  /** Each once, in the order of the file. */
  std::vector<const char*> variableNames() const;
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
  /** What stands in a function or a block of it. */
  void addContents(Dwarf_Die& parent, DebugFunction& function, bool isWithinInlined);
  void addLabel(Dwarf_Die& die, DebugFunction& function);
  void addCall(Dwarf_Die& die, DebugFunction& function);
  const std::vector<UnitRange>& unitRanges();

  const Libdw& libdw_;
  /** Held open for libdw. */
  std::optional<ElfFile> debugFile_;
  std::unique_ptr<Dwarf, int (*)(Dwarf*)> dwarf_;
  std::unique_ptr<Elf, int (*)(Elf*)> elf_;
  std::unique_ptr<Dwarf_CFI, int (*)(Dwarf_CFI*)> frames_;
  std::unique_ptr<DebugIndex> index_;
  std::unique_ptr<DebugTypes> types_;
  std::vector<UnitRange> unitRanges_;
  /** Functions by where they begin; made when first needed. */
  std::unordered_map<std::uint64_t, std::size_t> functionsByEntry_;
};

}  // namespace tapbook

#include "libdw.hpp"

#include <dlfcn.h>

#include <cerrno>

#include "../error.hpp"

namespace tapbook {
namespace {

template <typename Function>
void find(void* library, const char* name, Function& function) {
  void* found = dlsym(library, name);
  if (found == nullptr) throw Error(ELIBACC, "read debug information: libdw.so.1 has no function " + quoted(name));
  function = reinterpret_cast<Function>(found);
}

Libdw load() {
  // Never unloaded: it belongs to the process, as if it were linked.
  void* library = dlopen("libdw.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(ELIBACC,
                "read debug information, which needs elfutils' libdw.so.1 (Debian: libdw1; Fedora: elfutils-libs; "
                "Arch: libelf)");
  }
  Libdw functions{};
  find(library, "dwarf_begin", functions.begin);
  find(library, "dwarf_end", functions.end);
  find(library, "dwarf_getelf", functions.getElf);
  find(library, "dwarf_get_units", functions.getUnits);
  find(library, "dwarf_errmsg", functions.errorMessage);
  find(library, "dwarf_tag", functions.tag);
  find(library, "dwarf_child", functions.child);
  find(library, "dwarf_siblingof", functions.siblingOf);
  find(library, "dwarf_diename", functions.dieName);
  find(library, "dwarf_attr", functions.attribute);
  find(library, "dwarf_attr_integrate", functions.attributeIntegrate);
  find(library, "dwarf_hasattr", functions.hasAttribute);
  find(library, "dwarf_hasattr_integrate", functions.hasAttributeIntegrate);
  find(library, "dwarf_whatform", functions.whatForm);
  find(library, "dwarf_formref_die", functions.formReference);
  find(library, "dwarf_formstring", functions.formString);
  find(library, "dwarf_formudata", functions.formUnsigned);
  find(library, "dwarf_formsdata", functions.formSigned);
  find(library, "dwarf_formaddr", functions.formAddress);
  find(library, "dwarf_entrypc", functions.entryPc);
  find(library, "dwarf_lowpc", functions.lowPc);
  find(library, "dwarf_ranges", functions.ranges);
  find(library, "dwarf_entry_breakpoints", functions.entryBreakpoints);
  find(library, "dwarf_func_inline_instances", functions.inlineInstances);
  find(library, "dwarf_getscopes_die", functions.getScopes);
  find(library, "dwarf_decl_file", functions.declarationFile);
  find(library, "dwarf_decl_line", functions.declarationLine);
  find(library, "dwarf_getlocations", functions.getLocations);
  find(library, "dwarf_getlocation", functions.getLocation);
  find(library, "dwarf_getlocation_attr", functions.getLocationAttribute);
  find(library, "dwarf_bytesize", functions.byteSize);
  find(library, "dwarf_aggregate_size", functions.aggregateSize);
  find(library, "dwarf_getsrc_die", functions.getSourceLine);
  find(library, "dwarf_getsrclines", functions.getSourceLines);
  find(library, "dwarf_onesrcline", functions.oneSourceLine);
  find(library, "dwarf_linesrc", functions.lineSource);
  find(library, "dwarf_lineno", functions.lineNumber);
  find(library, "dwarf_lineaddr", functions.lineAddress);
  find(library, "dwarf_linebeginstatement", functions.lineBeginsStatement);
  find(library, "dwarf_lineendsequence", functions.lineEndsSequence);
  find(library, "dwarf_getcfi", functions.getFrames);
  find(library, "dwarf_getcfi_elf", functions.getFramesOfElf);
  find(library, "dwarf_cfi_end", functions.framesEnd);
  find(library, "dwarf_cfi_addrframe", functions.frameAt);
  find(library, "dwarf_frame_cfa", functions.callFrameAddress);
  find(library, "elf_version", functions.elfVersion);
  find(library, "elf_begin", functions.elfBegin);
  find(library, "elf_end", functions.elfEnd);
  functions.elfVersion(EV_CURRENT);
  return functions;
}

}  // namespace

const Libdw& Libdw::require() {
  static const Libdw functions = load();
  return functions;
}

}  // namespace tapbook

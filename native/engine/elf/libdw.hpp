#pragma once

#include <dwarf.h>
#include <elfutils/libdw.h>

namespace tapbook {

/**
 * elfutils' libdw, loaded when debug information is first looked at. It cannot be linked in: distributions build its
 * archive for programs, with thread-local variables that no shared object may hold. What needs no debug information
 * (symbols, static probes) does without it.
 */
struct Libdw {
  decltype(&::dwarf_begin) begin;
  decltype(&::dwarf_end) end;
  decltype(&::dwarf_getelf) getElf;
  decltype(&::dwarf_get_units) getUnits;
  decltype(&::dwarf_errmsg) errorMessage;
  decltype(&::dwarf_tag) tag;
  decltype(&::dwarf_child) child;
  decltype(&::dwarf_siblingof) siblingOf;
  decltype(&::dwarf_diename) dieName;
  decltype(&::dwarf_attr) attribute;
  decltype(&::dwarf_attr_integrate) attributeIntegrate;
  decltype(&::dwarf_hasattr) hasAttribute;
  decltype(&::dwarf_hasattr_integrate) hasAttributeIntegrate;
  decltype(&::dwarf_whatform) whatForm;
  decltype(&::dwarf_formref_die) formReference;
  decltype(&::dwarf_formstring) formString;
  decltype(&::dwarf_formudata) formUnsigned;
  decltype(&::dwarf_formsdata) formSigned;
  decltype(&::dwarf_formaddr) formAddress;
  decltype(&::dwarf_entrypc) entryPc;
  decltype(&::dwarf_lowpc) lowPc;
  decltype(&::dwarf_ranges) ranges;
  decltype(&::dwarf_entry_breakpoints) entryBreakpoints;
  decltype(&::dwarf_func_inline_instances) inlineInstances;
  decltype(&::dwarf_getscopes_die) getScopes;
  decltype(&::dwarf_decl_file) declarationFile;
  decltype(&::dwarf_decl_line) declarationLine;
  decltype(&::dwarf_getlocations) getLocations;
  decltype(&::dwarf_getlocation) getLocation;
  decltype(&::dwarf_getlocation_attr) getLocationAttribute;
  decltype(&::dwarf_bytesize) byteSize;
  decltype(&::dwarf_aggregate_size) aggregateSize;
  decltype(&::dwarf_getsrc_die) getSourceLine;
  decltype(&::dwarf_getsrclines) getSourceLines;
  decltype(&::dwarf_onesrcline) oneSourceLine;
  decltype(&::dwarf_linesrc) lineSource;
  decltype(&::dwarf_lineno) lineNumber;
  decltype(&::dwarf_lineaddr) lineAddress;
  decltype(&::dwarf_linebeginstatement) lineBeginsStatement;
  decltype(&::dwarf_lineendsequence) lineEndsSequence;
  decltype(&::dwarf_getcfi) getFrames;
  decltype(&::dwarf_getcfi_elf) getFramesOfElf;
  decltype(&::dwarf_cfi_end) framesEnd;
  decltype(&::dwarf_cfi_addrframe) frameAt;
  decltype(&::dwarf_frame_cfa) callFrameAddress;
  decltype(&::elf_version) elfVersion;
  decltype(&::elf_begin) elfBegin;
  decltype(&::elf_end) elfEnd;

  /** Throws ELIBACC where the machine has no such library. */
  static const Libdw& require();
};

}  // namespace tapbook

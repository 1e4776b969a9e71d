// What it takes to link libbpf's archive, as distributions build it, into a shared object.
//
// libbpf refers to libelf, for object files that a compiler wrote. This engine never opens one: its programs come as
// bare instructions. Distributions' libelf.a is not position independent, and a shared libelf would be one more thing
// to install on the machine that is traced. So these are the names that libbpf wants; `elf_version` answers EV_NONE, at
// which libbpf gives up before it calls another.
//
// libbpf also refers to `stderr`, by an address that must lie in the same object.

#include <cstdio>

extern "C" {

extern FILE _IO_2_1_stderr_;
__attribute__((visibility("hidden"))) FILE* standardError __asm__("stderr") = &_IO_2_1_stderr_;

unsigned elf_version(unsigned) { return 0; }

#define REFUSED(name) \
  void* name(...) { return nullptr; }

// clang-format off
REFUSED(elf64_getehdr)
REFUSED(elf64_getshdr)
REFUSED(elf64_newehdr)
REFUSED(elf_begin)
REFUSED(elf_end)
REFUSED(elf_errmsg)
REFUSED(elf_getdata)
REFUSED(elf_getphdrnum)
REFUSED(elf_getscn)
REFUSED(elf_getshdrnum)
REFUSED(elf_getshdrstrndx)
REFUSED(elf_kind)
REFUSED(elf_memory)
REFUSED(elf_ndxscn)
REFUSED(elf_newdata)
REFUSED(elf_newscn)
REFUSED(elf_nextscn)
REFUSED(elf_rawdata)
REFUSED(elf_strptr)
REFUSED(elf_update)
REFUSED(gelf_getclass)
REFUSED(gelf_getehdr)
REFUSED(gelf_getnote)
REFUSED(gelf_getphdr)
REFUSED(gelf_getshdr)
REFUSED(gelf_getsym)

// clang-format on
#undef REFUSED

}  // extern "C"

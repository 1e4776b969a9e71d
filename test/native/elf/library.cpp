// A shared library for the tests of ELF files: it says where its own functions lie in memory.

#include <sys/sdt.h>

#include <cstdio>
#include <cstdlib>

namespace {

__attribute__((noinline)) int hiddenHalf(int number) {
  asm volatile("" : "+r"(number));
  return number / 2;
}

}  // namespace

extern "C" {

int library_number = 42;

__attribute__((noinline)) int library_answer(int number) {
  STAP_PROBE1(library, answered, number);
  return std::abs(hiddenHalf(number)) + library_number;
}

__attribute__((weak, noinline)) int library_weak(int number) { return number + 1; }

void library_report() {
  std::printf("library_answer %p\n", reinterpret_cast<void*>(&library_answer));
  std::printf("library_weak %p\n", reinterpret_cast<void*>(&library_weak));
  std::printf("library_number %p\n", static_cast<void*>(&library_number));
}
}

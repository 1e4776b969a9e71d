// A program for the tests of ELF files and of addresses in processes: it says where its own functions lie in memory,
// then waits for its input to end.

// Each probe of this file has a semaphore; those of the library have none.
#define _SDT_HAS_SEMAPHORES 1
#include <dlfcn.h>
#include <sys/sdt.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

extern "C" {

int library_answer(int number);
int library_weak(int number);
void library_report();

int shared_counter = 7;
char message[16] = "waiting";

unsigned short tapbook_added_semaphore __attribute__((section(".probes")));
unsigned short tapbook_constant_semaphore __attribute__((section(".probes")));

__attribute__((noinline)) long add_numbers(int first, long second) {
  STAP_PROBE2(tapbook, added, first, second);
  asm volatile("" ::: "memory");
  return first + second + shared_counter;
}

__attribute__((noinline)) static long inner_step(long number) {
  asm volatile("" : "+r"(number));
  STAP_PROBE1(tapbook, constant, 5);
  return number * 3;
}

__attribute__((noinline, weak)) long weak_step(long number) { return inner_step(number) - 1; }
}

int main(int count, char** words) {
  const long number = weak_step(add_numbers(count, std::atol(count > 1 ? words[1] : "3")));
  std::printf("add_numbers %p\n", reinterpret_cast<void*>(&add_numbers));
  std::printf("weak_step %p\n", reinterpret_cast<void*>(&weak_step));
  std::printf("inner_step %p\n", reinterpret_cast<void*>(&inner_step));
  std::printf("shared_counter %p\n", static_cast<void*>(&shared_counter));
  std::printf("message %p\n", static_cast<void*>(message));
  void* vdso = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
  std::printf("vdso %p\n", vdso != nullptr ? dlsym(vdso, "__vdso_clock_gettime") : nullptr);
  library_report();
  std::printf("result %ld %d %d\n", number, library_answer(8), library_weak(1));
  std::fflush(stdout);
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  return 0;
}

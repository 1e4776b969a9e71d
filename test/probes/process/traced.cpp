// A program of which it is known exactly which of its functions run how often, and with which arguments. It says who it
// is, waits for a line, works, and says what it did.

// Marks of this provider have semaphores.
#define _SDT_HAS_SEMAPHORES 1
#include <pthread.h>
#include <sys/sdt.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

extern "C" {

int library_answer(int number);

struct Item {
  int number;
  const char* name;
  Item* next;
};

unsigned short traced_counted_semaphore __attribute__((section(".probes")));
unsigned short traced_operands_semaphore __attribute__((section(".probes")));
unsigned short traced_counter_semaphore __attribute__((section(".probes")));
unsigned short traced_text_semaphore __attribute__((section(".probes")));

// As many as the mark's argument would cost to make, were somebody to listen.
int prepared = 0;

__attribute__((noinline)) long many_arguments(int first, long second, const char* text, unsigned short fourth,
                                              int fifth, int sixth, long seventh) {
  asm volatile("" ::: "memory");
  return first + second + (text != nullptr ? text[0] : 0) + fourth + fifth + sixth + seventh;
}

__attribute__((noinline)) int inner_step(int number) {
  asm volatile("" : "+r"(number));
  return -number;
}

__attribute__((noinline)) int item_total(const Item* item, int factor) {
  int total = 0;
  for (; item != nullptr; item = item->next) total += item->number * factor;
  asm volatile("" : "+r"(total));
  return total;
}

__attribute__((noinline)) void marked(int number, const char* text) {
  if (__builtin_expect(traced_counted_semaphore != 0, 0)) ++prepared;
  STAP_PROBE1(traced, counted, number);
  const signed char narrow = static_cast<signed char>(-number - 1);
  const unsigned short wide = static_cast<unsigned short>(65000 + number);
  volatile long inMemory = 70000000000L + number;
  STAP_PROBE5(traced, operands, narrow, wide, inMemory, 12345, text);
  STAP_PROBE2(traced, text, text, number);
  STAP_PROBE1(traced, counter, prepared);
}
}

namespace {

void* work(void* times) {
  for (long i = 0; i < *static_cast<long*>(times); ++i) inner_step(static_cast<int>(i));
  return nullptr;
}

}  // namespace

int main(int, char** words) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("ready %d\n", getpid());
  std::getchar();
  const int times = words[1] != nullptr ? std::atoi(words[1]) : 5;
  long sum = 0;
  Item last{5, "last", nullptr};
  Item first{2, "first", &last};
  for (int i = 0; i < times; ++i) {
    sum += many_arguments(-i, 10000000000L + i, "text", 65535, 5, 6, 700 + i);
    sum += library_answer(i);
    sum += item_total(&first, i + 1);
    marked(i, "marked");
    try {
      throw i + 100;
    } catch (int thrown) {
      sum += thrown;
    }
    STAP_PROBE1(traced, counter, -7);
    syscall(SYS_getppid);
  }
  long inThread = 3;
  pthread_t thread;
  pthread_create(&thread, nullptr, work, &inThread);
  pthread_join(thread, nullptr);
  std::printf("{\"pid\": %d, \"comm\": \"traced\", \"calls\": {\"prepared\": %d}, \"errors\": {}, \"sum\": %ld}\n",
              getpid(), prepared, sum);
  return 0;
}

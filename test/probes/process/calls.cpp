// A program of which it is known which function calls which how often, where its labels are, and which of several functions it chooses.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {

__attribute__((noinline)) int leaf(int number) {
  asm volatile("" : "+r"(number));
  return number + 1;
}

static __attribute__((noinline)) int hidden(int number) {
  asm volatile("" : "+r"(number));
  return leaf(number) * 2;
}

static inline __attribute__((always_inline)) int copied(int number) {
  asm volatile("" : "+r"(number));
  return number * 3;
}

__attribute__((noinline)) int first(int number) {
  int sum = leaf(10 + number);
  sum += copied(number);
  asm volatile("" : "+r"(sum));
  return sum;
}

__attribute__((noinline)) int second(int number) {
  int sum = leaf(20 + number) + leaf(30 + number) + hidden(number);
  asm volatile("" : "+r"(sum));
  return sum;
}

__attribute__((noinline)) int looping(int number) {
  int turn = 0;
again:
  asm volatile("" : "+r"(turn));
  if (turn < number) {
    ++turn;
    goto again;
  }
  asm volatile("" : "+r"(turn));
  return turn;
}

static __attribute__((noinline)) int one_way(int number) {
  asm volatile("" : "+r"(number));
  return number;
}

static __attribute__((noinline)) int other_way(int number) {
  asm volatile("" : "+r"(number));
  return -number;
}

typedef int Way(int);

// The dynamic loader calls it before the program's own code runs: it must need nothing.
static Way* resolve() {
  static volatile int which = 1;
  return which == 0 ? one_way : other_way;
}

int chosen(int number) __attribute__((ifunc("resolve")));
}

int main(int, char** words) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("ready %d\n", getpid());
  std::getchar();
  const int times = words[1] != nullptr ? std::atoi(words[1]) : 3;
  static char text[] = "a text to be measured";
  char* volatile place = text;
  long sum = 0;
  for (int turn = 0; turn < times; ++turn) {
    sum += first(turn) + second(turn) + looping(turn) + chosen(turn) + static_cast<long>(std::strlen(place));
  }
  std::printf("{\"pid\": %d, \"comm\": \"calls\", \"calls\": {}, \"errors\": {}, \"sum\": %ld}\n", getpid(), sum);
  return 0;
}

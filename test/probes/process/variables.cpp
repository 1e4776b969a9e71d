// A program whose own variables and types are known: what it holds in them follows from the number of the turn.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "variables.hpp"

enum Colour { Red, Green = 7, Blue = 200 };

struct Inner {
  short x;
  long y;
};

struct Base {
  int inherited;
};

struct Record : Base {
  unsigned low : 3;
  unsigned high : 11;
  int minus : 5;
  union {
    unsigned raw;
    signed char small;
  };
  struct {
    int left;
    unsigned char right;
  };
  Colour colour;
  Inner inner;
  Inner rows[2][3];
  const char* name;
  char text[8];
  Record* next;
  bool flag;
};

Record record;
Record* record_pointer = &record;
unsigned short numbers[4] = {1, 22, 333, 65535};
thread_local int of_thread = 5;

static long shared_name;
static int only_here;
static const int answer = 42;

extern "C" {

__attribute__((noinline)) const int* step(int turn, const void* opaque) {
  asm volatile("" : : "r"(opaque), "r"(&only_here), "r"(&shared_name) : "memory");
  only_here += 1;
  of_thread += turn;
  return &answer;
}

__attribute__((noinline)) void fill(int turn) {
  record.inherited = -turn;
  record.low = 5;
  record.high = 1000u + static_cast<unsigned>(turn);
  record.minus = -turn - 1;
  record.raw = 0x1234'56f0u + static_cast<unsigned>(turn);
  record.left = -7;
  record.right = 250;
  record.colour = turn % 2 == 0 ? Green : Blue;
  record.inner = {static_cast<short>(-3), 1L << 40};
  record.rows[1][2] = {static_cast<short>(turn), 12};
  record.name = "a name";
  record.next = &record;
  record.flag = true;
  for (int at = 0; at < 5; ++at) record.text[at] = static_cast<char>('a' + at);
  shared_name = 70000000000L + turn;
  asm volatile("" ::: "memory");
}
}

int main(int, char** words) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("ready %d\n", getpid());
  std::getchar();
  const int times = words[1] != nullptr ? std::atoi(words[1]) : 3;
  long sum = 0;
  for (int turn = 0; turn < times; ++turn) {
    fill(turn);
    sum += *step(turn, &record) + other_step(turn) + numbers[turn % 4];
  }
  std::printf("{\"pid\": %d, \"comm\": \"variables\", \"calls\": {}, \"errors\": {}, \"sum\": %ld}\n", getpid(), sum);
  return 0;
}

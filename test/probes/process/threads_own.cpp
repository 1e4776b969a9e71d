// Variables of which each thread has its own, at alignments that leave room behind them.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

struct Own {
  int small;
  long numbers[3];
  const char* name;
};

thread_local char letter = 'a';
alignas(64) thread_local Own own = {7, {1, 2, 3}, "untouched"};
thread_local unsigned short uninitialised[5];
static thread_local long hidden = -9;

extern "C" {

__attribute__((noinline)) void step(int who) { asm volatile("" : : "r"(who), "r"(&hidden) : "memory"); }
}

static void live(int who) {
  step(who);
  letter = static_cast<char>('a' + who);
  own.small = who;
  own.numbers[2] = 1000 + who;
  own.name = "changed";
  uninitialised[4] = static_cast<unsigned short>(40 + who);
  hidden = who * 11L;
  step(who);
}

int main(int, char** words) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("ready %d\n", getpid());
  std::getchar();
  live(1);
  for (int who = 2; who < 2 + std::atoi(words[1]); ++who) std::thread(live, who).join();
  step(1);
  std::printf("{\"pid\": %d, \"comm\": \"threads_own\", \"calls\": {}, \"errors\": {}}\n", getpid());
}

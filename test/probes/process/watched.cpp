// Says `ready PID`, waits for a line, then writes `watched` 25 times and reads it 10 times, and 5 times more it writes
// in a thread.
#include <unistd.h>

#include <cstdio>
#include <thread>

extern "C" {
volatile long watched = 0;
volatile long other = 0;
}

int main() {
  std::printf("ready %d\n", getpid());
  std::fflush(stdout);
  std::getchar();
  long sum = 0;
  for (int count = 0; count < 25; count++) {
    watched = count;
    other = count;
  }
  for (int count = 0; count < 10; count++) sum += watched;
  std::thread([] {
    for (int count = 0; count < 5; count++) watched = count;
  }).join();
  std::printf("{\"sum\": %ld}\n", sum);
}

// A program whose variables a probe may change: what it then makes of them it writes into the file of its argument.
#include <unistd.h>

#include <cstdio>

struct Part {
  short low;
  unsigned char letters[4];
  unsigned bits : 3;
};

static long counter = 100;
Part part = {7, {'a', 'b', 'c', 'd'}, 5};

extern "C" {

__attribute__((noinline)) long twice(int number, Part* other) {
  long local = number;
  counter++;
  return local * 2 + other->low;
}

}  // extern "C"

int main(int, char** arguments) {
  std::printf("ready %d\n", getpid());
  std::fflush(stdout);
  char line[64];
  if (!std::fgets(line, sizeof line, stdin)) return 1;
  std::FILE* notes = std::fopen(arguments[1], "w");
  if (!notes) return 1;
  for (int turn = 1; turn <= 3; turn++) {
    const long result = twice(turn, &part);
    std::fprintf(notes, "%ld %ld %d %.4s\n", result, counter, part.low, reinterpret_cast<char*>(part.letters));
  }
  std::fclose(notes);
  std::printf("{}\n");
}

// A program for the tests of debug information: it says itself how large its types are and where their members lie.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

enum Colour { Red, Green = 7, Blue = 200 };
enum { Nameless = 31 };
enum Direction { Back = -1, Forth = 1 };

struct Point {
  short x;
  long y;
};

struct Base {
  int inherited;
};

typedef unsigned long Word;

struct Described : Base {
  static int count;
  Point point;
  const Point* next;
  int grid[3][5];
  unsigned low : 3;
  unsigned high : 11;
  union {
    float real;
    std::int8_t small;
  };
  Colour colour;
  Word word;
  int (*compare)(const Point* one, int two);
  bool flag;
  char text[];
};

struct Unknown;

int Described::count = 3;
static int hidden_counter = 11;
Described* described_pointer;
Unknown* unknown_pointer;
Direction direction = Back;
const double ratio = 0.5;

extern "C" {

__attribute__((noinline)) long measured(int first, const Point* second, long third) {
  long sum = first + third;
  sum += second->y;
  asm volatile("" : "+r"(sum));
  return sum;
}

static inline __attribute__((always_inline)) long inlined_step(long number) {
  asm volatile("" : "+r"(number));
  return number * 2;
}

__attribute__((noinline)) long caller_one(long number) { return inlined_step(number) + 1; }

__attribute__((noinline)) long caller_two(long number) { return inlined_step(number) - inlined_step(number + 1); }
}

namespace tools {
__attribute__((noinline)) int overloaded(int number) { return number + hidden_counter; }
__attribute__((noinline)) int overloaded(double number) { return static_cast<int>(number) + hidden_counter; }
}  // namespace tools

int main(int count, char**) {
  Described described{};
  described_pointer = &described;
  described.point.y = count;
  hidden_counter += count;
  const long sum = measured(count, &described.point, 3) + caller_one(count) + caller_two(count);
  std::printf("Described %zu\n", sizeof(Described));
  std::printf("Point %zu\n", sizeof(Point));
  std::printf("Point.y %zu\n", offsetof(Point, y));
#define MEMBER(name) std::printf("Described." #name " %zu\n", offsetof(Described, name))
  MEMBER(inherited);
  MEMBER(point);
  MEMBER(next);
  MEMBER(grid);
  MEMBER(real);
  MEMBER(colour);
  MEMBER(word);
  MEMBER(compare);
  MEMBER(flag);
  MEMBER(text);
  std::printf("result %ld %d %d %d\n", sum, tools::overloaded(1) + tools::overloaded(1.5), Described::count,
              direction + Nameless);
  std::printf("rest %f %p\n", ratio, static_cast<void*>(unknown_pointer));
  return 0;
}

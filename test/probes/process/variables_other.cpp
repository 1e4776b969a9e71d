// Has a variable of a name that another file gave to one of its own.
#include "variables.hpp"

static int shared_name = 900;
int everywhere = 11;

int other_step(int turn) {
  shared_name += 1;
  everywhere += turn;
  asm volatile("" : : "r"(&shared_name), "r"(&everywhere) : "memory");
  return turn;
}

// A shared library of which it is known how often it is called.
int library_calls = 0;

extern "C" {

__attribute__((noinline)) int library_helper(int number) {
  asm volatile("" : "+r"(number));
  return number * 2;
}

__attribute__((noinline)) int library_answer(int number) {
  ++library_calls;
  return library_helper(number) + 42;
}
}

import { loadNative } from "../../kernel/tracing/native.js";
import { ReadableNames } from "../../kernel/tracing/readable_names.js";

const names = new ReadableNames(loadNative());

/** As the C++ ABI writes them: its own examples, and what compilers append. */
test.each([
  ["_Z1fv", "f()"],
  ["_ZN1N1TIiiE2mfES0_IddE", "N::T<int, int>::mf(N::T<double, double>)"],
  ["_ZN8workload12prepareChainERKNS_7OptionsE.cold", "workload::prepareChain(workload::Options const&) [clone .cold]"],
  ["main < _Z1fi < _start", "main < f(int) < _start"],
  ["_Z", "_Z"],
  ["_Znonsense", "_Znonsense"],
  ["i", "i"],
  ["my_Z1fv", "my_Z1fv"],
  ["_RNvC7mycrate3foo", "_RNvC7mycrate3foo"],
])("%s is %s", (symbol, name) => {
  expect(names.of(symbol)).toBe(name);
});

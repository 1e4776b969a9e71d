/**
 * The sample variance, rounded to the nearest integer as user space rounds it. With y the distance of each value from the
 * minimum, U the sum of y and V the sum of its squares, it is (n·V - U²) / (n·(n - 1)); U has 64 bits, since of all sums that
 * a wrapped one may stand for the least is meant.
 */
import type { Emitter } from "../emitter.js";
import type { MergedStatistic } from "./merged_statistic.js";
import { WideInteger } from "./wide_integer.js";
import type { Register } from "../values.js";

/** Of what is larger than any number of the language. */
const LARGEST = (1n << 63n) - 1n;
const QUOTIENT_BITS = 63n;

export function variance(emit: Emitter, merged: MergedStatistic): Register {
  const result = emit.set(0n);
  // A single value has none; its divisor would be zero.
  emit.when("ugt", merged.count, 1n, () => emit.assign(result, severalValues(emit, merged)));
  return result;
}

function severalValues(emit: Emitter, merged: MergedStatistic): Register {
  const distances = emit.alu("sub", merged.sum, emit.alu("mul", merged.count, merged.min));
  const squares = squaresOfDistances(emit, merged, distances);
  const numerator = new WideInteger(emit);
  for (let word = 0; word < 4; word++) numerator.addProduct(word, squares.load(word), merged.count);
  numerator.subtractProduct(0, distances, distances);
  const denominator = new WideInteger(emit);
  denominator.addProduct(0, merged.count, emit.alu("sub", merged.count, 1n));
  return roundedQuotient(emit, numerator, denominator);
}

/** V = Σx² - 2·min·U - n·min² */
function squaresOfDistances(emit: Emitter, merged: MergedStatistic, distances: Register): WideInteger {
  const squares = new WideInteger(emit);
  for (let digit = 0; digit < 4; digit++) {
    const word = digit >> 1;
    const value = merged.squareDigit(digit);
    if (digit % 2 === 0) squares.add(word, value);
    else {
      squares.add(word, emit.alu("lsh", value, 32n));
      squares.add(word + 1, emit.alu("rsh", value, 32n));
    }
  }
  const magnitude = emit.set(merged.min);
  const isNegative = emit.alu("rsh", magnitude, 63n);
  emit.when("ne", isNegative, 0n, () => emit.assign(magnitude, emit.alu("sub", 0n, magnitude)));
  for (let twice = 0; twice < 2; twice++) {
    emit.when(
      "ne",
      isNegative,
      0n,
      () => squares.addProduct(0, magnitude, distances),
      () => squares.subtractProduct(0, magnitude, distances),
    );
  }
  const square = new WideInteger(emit);
  square.addProduct(0, magnitude, magnitude);
  for (let word = 0; word < 2; word++) squares.subtractProduct(word, square.load(word), merged.count);
  return squares;
}

/** (2·numerator + denominator) / (2·denominator), bit by bit; from 0 to the largest number. */
function roundedQuotient(emit: Emitter, numerator: WideInteger, denominator: WideInteger): Register {
  const dividend = new WideInteger(emit);
  dividend.addWide(numerator);
  dividend.addWide(numerator);
  dividend.addWide(denominator);
  // Twice the denominator times 2^63: what it has to be below for the quotient to fit.
  const divisor = new WideInteger(emit);
  for (let word = 0; word < 3; word++) divisor.store(word + 1, denominator.load(word));
  const rest = new WideInteger(emit);
  const quotient = emit.allocate(8);
  emit.store("scratch", quotient, 0n);
  const done = emit.label("divided");
  // Below zero only while another CPU is recording: its count is here and its squares are not yet.
  emit.branch("ne", numerator.sign(), 0n, done);
  const isBelow = rest.setDifference(dividend, divisor);
  emit.when(
    "eq",
    isBelow,
    0n,
    () => emit.store("scratch", quotient, LARGEST),
    () =>
      emit.loop(QUOTIENT_BITS, () => {
        divisor.halve();
        const tooMuch = rest.setDifference(dividend, divisor);
        const doubled = emit.alu("lsh", emit.load("scratch", quotient), 1n);
        emit.store("scratch", quotient, emit.alu("or", doubled, emit.alu("xor", tooMuch, 1n)));
        emit.when("eq", tooMuch, 0n, () => dividend.copyFrom(rest));
      }),
  );
  emit.place(done);
  return emit.load("scratch", quotient);
}

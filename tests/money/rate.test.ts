import fc from "fast-check";
import { expect, test } from "vitest";
import {
  applyRate,
  currencyCodes,
  divideHalfEven,
  exactShare,
  formatPercentage,
  money,
  parsePercentage,
} from "@/server/money";

const halves: [numerator: bigint, denominator: bigint, rounded: bigint][] = [
  [0n, 2n, 0n],
  [1n, 2n, 0n],
  [3n, 2n, 2n],
  [5n, 2n, 2n],
  [7n, 2n, 4n],
  [-1n, 2n, 0n],
  [-3n, 2n, -2n],
  [-5n, 2n, -2n],
  [-7n, 2n, -4n],
  [5n, -2n, -2n],
  [-5n, -2n, 2n],
  [24n, 10n, 2n],
  [25n, 10n, 2n],
  [26n, 10n, 3n],
  [35n, 10n, 4n],
  [2_500_001n, 1_000_000n, 3n],
  [2_499_999n, 1_000_000n, 2n],
  [1n, 3n, 0n],
  [2n, 3n, 1n],
];

test.each(halves)("%s / %s rounds half to even: %s", (numerator, denominator, rounded) => {
  expect(divideHalfEven(numerator, denominator)).toBe(rounded);
});

const shares: [baseMinor: bigint, ratePpm: bigint, minor: bigint][] = [
  [10_000n, 100_000n, 1000n],
  [50n, 50_000n, 2n],
  [70n, 50_000n, 4n],
  [1999n, 31_250n, 62n],
  [-50n, 50_000n, -2n],
  [1n, 500_000n, 0n],
  [3n, 500_000n, 2n],
  [12_345n, 0n, 0n],
  [12_345n, 1_000_000n, 12_345n],
];

test.each(shares)("%s minor units at %s ppm are %s", (baseMinor, ratePpm, minor) => {
  expect(applyRate(money(baseMinor, "EUR"), ratePpm)).toEqual({ minor, currency: "EUR" });
});

const bases = fc.record({
  minor: fc.bigInt(-(10n ** 15n), 10n ** 15n),
  currency: fc.constantFrom(...currencyCodes()),
});
const rates = fc.bigInt(0n, 2_000_000n);

test("a reversal earns exactly the negative of the sale, at every rate and in every currency", () => {
  fc.assert(
    fc.property(bases, rates, (base, rate) => {
      const mirror = { ...base, minor: -base.minor };
      expect(applyRate(mirror, rate).minor).toBe(-applyRate(base, rate).minor);
    }),
    { numRuns: 2000 },
  );
});

test("rounding moves an amount by at most half a minor unit from its exact share", () => {
  fc.assert(
    fc.property(bases, rates, (base, rate) => {
      const { numeratorMinor, denominator } = exactShare(base, rate);
      const error = applyRate(base, rate).minor * denominator - numeratorMinor;
      return (error < 0n ? -error : error) * 2n <= denominator;
    }),
    { numRuns: 2000 },
  );
});

test("a negative rate is refused", () => {
  expect(() => applyRate(money(1n, "EUR"), -1n)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

const percentages: [text: string, ratePpm: bigint, words: string][] = [
  ["3.125", 31_250n, "3.125 %"],
  ["5", 50_000n, "5 %"],
  ["0.0001", 1n, "0.0001 %"],
  ["100", 1_000_000n, "100 %"],
  ["12.50", 125_000n, "12.5 %"],
];

test.each(percentages)("%s percent are %s ppm and written %s", (text, ratePpm, words) => {
  expect(parsePercentage(text)).toBe(ratePpm);
  expect(formatPercentage(ratePpm)).toBe(words);
});

test.each(["", " 5", "-5", "5%", "5,5", "1e2", "0.00001", "1000", ".5", "٥"])("%j is not a percentage", (text) => {
  expect(() => parsePercentage(text)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

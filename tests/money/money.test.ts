import { expect, test } from "vitest";
import { add, money, subtract, toDecimal } from "@/server/money";

const written: [minor: bigint, currency: string, decimal: string][] = [
  [1230n, "EUR", "12.30"],
  [-1230n, "EUR", "-12.30"],
  [5n, "EUR", "0.05"],
  [-5n, "EUR", "-0.05"],
  [0n, "EUR", "0.00"],
  [100n, "JPY", "100"],
  [-1n, "JPY", "-1"],
  [12345n, "KWD", "12.345"],
  [1n, "CLF", "0.0001"],
  [995n, "MRU", "9.95"],
  [9_007_199_254_740_993n, "USD", "90071992547409.93"],
];

test.each(written)("%s minor units of %s are written %s", (minor, currency, decimal) => {
  expect(toDecimal(money(minor, currency))).toBe(decimal);
});

test("amounts of one currency add and subtract exactly", () => {
  expect(add(money(10n, "EUR"), money(-3n, "EUR"))).toEqual({ minor: 7n, currency: "EUR" });
  expect(subtract(money(10n, "EUR"), money(30n, "EUR"))).toEqual({ minor: -20n, currency: "EUR" });
});

test("two currencies are never added or subtracted", () => {
  const [euro, dollar] = [money(1n, "EUR"), money(1n, "USD")];
  expect(() => add(euro, dollar)).toThrow(expect.objectContaining({ code: "currency_mismatch" }));
  expect(() => subtract(euro, dollar)).toThrow(expect.objectContaining({ code: "currency_mismatch" }));
});

test("money of an unknown currency cannot be made", () => {
  expect(() => money(1n, "XXX")).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

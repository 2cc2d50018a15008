import { expect, test } from "vitest";
import { currencyCodes, exponentOf, isCurrency } from "@/server/money";
import minorUnits from "./iso-4217-minor-units.json";

// The table of ISO 4217 (2024), by number of digits; "none" are metals, funds of account and test codes.
const { none, ...byDigits } = minorUnits;
const published = Object.entries(byDigits).flatMap(([digits, codes]) =>
  codes.split(" ").map((code): [string, number] => [code, Number(digits)]),
);

/** The lev left circulation with the euro of 2026; conversions from before keep it. */
const withdrawn = ["BGN"];

test("every currency has exactly the digits that ISO 4217 publishes", () => {
  expect(published.map(([code]) => [code, exponentOf(code)])).toEqual(published);
});

test("no currency is in the table that ISO 4217 does not have", () => {
  expect(currencyCodes().sort()).toEqual([...published.map(([code]) => code), ...withdrawn].sort());
});

test.each([...none.split(" "), "eur", "EU", "€", "", "__proto__", "toString"])("%j is not a currency", (code) => {
  expect(isCurrency(code)).toBe(false);
  expect(() => exponentOf(code)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

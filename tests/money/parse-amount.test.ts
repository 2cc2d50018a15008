import fc from "fast-check";
import { expect, test } from "vitest";
import { type AmountFormat, currencyCodes, exponentOf, type Money, parseAmount, toDecimal } from "@/server/money";

const read: [text: string, currency: string, minor: bigint, format?: AmountFormat][] = [
  ["12.5", "USD", 1250n],
  ["12.50", "USD", 1250n],
  ["0", "USD", 0n],
  ["0.00", "USD", 0n],
  ["0.01", "USD", 1n],
  ["007", "USD", 700n],
  ["100", "JPY", 100n],
  ["12.345", "KWD", 12345n],
  ["1", "CLF", 10000n],
  ["0.0001", "UYW", 1n],
  ["9.95", "MGA", 995n],
  // More than a JavaScript number can tell apart.
  ["900719925474099.31", "USD", 90071992547409931n],
  ["999999999999999.99", "USD", 99999999999999999n],
  ["19.99", "EUR", 1999n],
  ["1.005", "TND", 1005n],
  ["1,234.50", "USD", 123450n, "en"],
  ["1,234", "USD", 123400n, "en"],
  ["1234.5", "USD", 123450n, "en"],
  ["12,345,678.90", "USD", 1234567890n, "en"],
  ["1.234,50", "EUR", 123450n, "de"],
  ["1.234", "EUR", 123400n, "de"],
  ["1234,5", "EUR", 123450n, "de"],
  ["12,50", "EUR", 1250n, "de"],
  ["0,5", "EUR", 50n, "de"],
];

test.each(read)("%j in %s is %s minor units (%s)", (text, currency, minor, format) => {
  expect(parseAmount(text, currency, format)).toEqual({ kind: "amount", amount: { minor, currency } });
});

const refused: [text: string | null, currency: string, reason: RegExp, format?: AmountFormat][] = [
  ["1,234.50", "USD", /comma/],
  ["1.234,50", "USD", /comma/],
  ["12.345", "USD", /3 digits after the point; USD has 2/],
  ["1.00", "JPY", /2 digits after the point; JPY has 0/],
  ["12.3456", "KWD", /KWD has 3/],
  ["-5", "USD", /negative: a reversal is a status/],
  ["1e3", "USD", /not a plain decimal/],
  ["0x10", "USD", /not a plain decimal/],
  ["Infinity", "USD", /not a plain decimal/],
  ["NaN", "USD", /not a plain decimal/],
  ["+7", "USD", /not a plain decimal/],
  ["", "USD", /empty/],
  [" ", "USD", /empty/],
  ["null", "USD", /empty/],
  [null, "USD", /empty/],
  ["1,234", "USD", /ambiguous/],
  ["1,234", "JPY", /ambiguous/],
  ["12,50", "USD", /comma/],
  ["１２.50", "USD", /not a plain decimal/],
  ["١٢", "USD", /not a plain decimal/],
  ["1\u00a0234.50", "USD", /not a plain decimal/],
  ["1 234.50", "USD", /not a plain decimal/],
  [" 12.50", "USD", /not a plain decimal/],
  ["12.50\n", "USD", /not a plain decimal/],
  ["12.", "USD", /not a plain decimal/],
  [".5", "USD", /not a plain decimal/],
  ["1.2.3", "USD", /not a plain decimal/],
  ["$12.50", "USD", /not a plain decimal/],
  ["12.50 USD", "USD", /not a plain decimal/],
  ["19.990000000000002", "EUR", /15 digits after the point/],
  ["1234567890123456", "USD", /more than 15 digits/],
  ["999999999999999.9999", "CLF", /too large/],
  ["12.50", "XAU", /unknown currency "XAU"/],
  ["12.50", "usd", /unknown currency "usd"/],
  ["12.50", "", /unknown currency ""/],
  // A wrong format must not make an amount a thousand times larger.
  ["0,123", "USD", /format "en"/, "en"],
  ["0.123", "EUR", /format "de"/, "de"],
  ["01,234", "USD", /format "en"/, "en"],
  ["1,23", "USD", /format "en"/, "en"],
  ["1.234,50", "USD", /format "en"/, "en"],
  ["1,2345", "USD", /format "en"/, "en"],
  ["1,234.50", "EUR", /format "de"/, "de"],
  ["12.5", "EUR", /format "de"/, "de"],
  ["-1,234.50", "USD", /negative/, "en"],
];

test.each(refused)("%j in %s is refused: %s", (text, currency, reason, format) => {
  expect(parseAmount(text, currency, format)).toEqual({ kind: "unreadable", reason: expect.stringMatching(reason) });
});

test("a reason stays short however long the amount is", () => {
  const parsed = parseAmount("9".repeat(200_000), "USD");
  expect(parsed.kind === "unreadable" && parsed.reason.length).toBeLessThan(120);
});

const amounts: fc.Arbitrary<Money> = fc.record({
  minor: fc.bigInt(0n, 999_999_999_999_999n),
  currency: fc.constantFrom(...currencyCodes()),
});

test("an amount written as a decimal reads back as itself, in every currency", () => {
  fc.assert(
    fc.property(amounts, (amount) => {
      expect(parseAmount(toDecimal(amount), amount.currency)).toEqual({ kind: "amount", amount });
    }),
    { numRuns: 2000 },
  );
});

test("whatever is read writes back as what was sent, but for zeros", () => {
  const texts = fc.stringMatching(/^[0-9]{1,15}(\.[0-9]{1,4})?$/);
  fc.assert(
    fc.property(texts, fc.constantFrom(...currencyCodes()), (text, currency) => {
      const parsed = parseAmount(text, currency);
      const digits = text.split(".")[1]?.length ?? 0;
      if (parsed.kind === "unreadable")
        return digits > exponentOf(currency) || currency === "CLF" || currency === "UYW";
      return digits <= exponentOf(currency) && bare(toDecimal(parsed.amount)) === bare(text);
    }),
    { numRuns: 2000 },
  );
});

test("no text that is not digits and at most one point becomes an amount", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 12 }), (text) => {
      fc.pre(!/^[0-9]+(\.[0-9]+)?$/.test(text));
      return parseAmount(text, "USD").kind === "unreadable";
    }),
    { numRuns: 2000 },
  );
});

function bare(decimal: string): string {
  const [whole = "", fraction = ""] = decimal.split(".");
  return `${whole.replace(/^0+(?=\d)/, "")}.${fraction.replace(/0+$/, "")}`;
}

import { expect, test } from "vitest";
import { explain } from "@/server/commissions/rules/explain";
import { price } from "@/server/commissions/rules/price";

const percentage = (ratePpm: bigint) => ({
  name: "Share",
  version: 3,
  base: "reward" as const,
  pays: { kind: "percentage" as const, ratePpm },
});

test.each([
  [
    "rounded",
    500_000n,
    { minor: 1_001n, currency: "EUR" },
    '50 % of the reward of 10.01 EUR is 5.005 EUR, rounded half to even to 5.00 EUR (rule "Share", version 3).',
  ],
  [
    "exact",
    500_000n,
    { minor: 1_000n, currency: "EUR" },
    '50 % of the reward of 10.00 EUR is 5.00 EUR (rule "Share", version 3).',
  ],
  [
    "without decimals",
    31_250n,
    { minor: 1_000n, currency: "JPY" },
    '3.125 % of the reward of 1000 JPY is 31.25 JPY, rounded half to even to 31 JPY (rule "Share", version 3).',
  ],
  [
    "with three decimals",
    333_333n,
    { minor: 10n, currency: "KWD" },
    '33.3333 % of the reward of 0.010 KWD is 0.00333333 KWD, rounded half to even to 0.003 KWD (rule "Share", version 3).',
  ],
  [
    "of nothing",
    500_000n,
    { minor: 0n, currency: "EUR" },
    '50 % of the reward of 0.00 EUR is 0.00 EUR (rule "Share", version 3).',
  ],
])("a percentage is explained: %s", (_name, ratePpm, reward, words) => {
  const priced = price(percentage(ratePpm), { sale: null, reward });
  expect(priced.kind === "priced" && explain(priced.trace)).toBe(words);
});

test("a flat amount is explained", () => {
  const terms = {
    name: "Lead",
    version: 1,
    base: "sale" as const,
    pays: { kind: "flat" as const, amount: { minor: 250n, currency: "USD" } },
  };
  const priced = price(terms, { sale: { minor: 0n, currency: "USD" }, reward: null });
  expect(priced.kind === "priced" && explain(priced.trace)).toBe(
    'A flat 2.50 USD for each approved sale (rule "Lead", version 1).',
  );
});

import { expect, test } from "vitest";
import { explainOwed, type Owed } from "@/server/insight/rules/explain-owed";

const lastOwed = { minor: 499n, currency: "EUR" };
const calculation = "10 % of the sale of 49.90 EUR is 4.99 EUR (rule).";
const owed: Owed = {
  reporter: "Awin",
  networkStatus: "approved",
  parkedReason: null,
  unpriced: null,
  commission: { state: "held", calculation, lastOwed },
};

test.each<[string, Partial<Owed>, string]>([
  ["owed", {}, calculation],
  [
    "declined after it was owed",
    { networkStatus: "declined", commission: { state: "void", calculation, lastOwed } },
    `Nothing is owed: Awin declined it. Before that: ${calculation}`,
  ],
  [
    "taken back after a payout",
    { networkStatus: "reversed", commission: { state: "clawed_back", calculation, lastOwed } },
    `Nothing is owed: Awin took it back after it went into a payout, so 4.99 EUR is set off against later earnings. Before that: ${calculation}`,
  ],
  [
    "declined in the first report",
    { networkStatus: "declined", commission: null },
    "Nothing is owed: Awin declined it before anything was.",
  ],
  [
    "declined in the first report, with no rule in force either",
    { networkStatus: "declined", commission: null, unpriced: "no_rule" },
    "Nothing is owed: Awin declined it before anything was.",
  ],
  [
    "without the amount that decides",
    { commission: null, unpriced: "no_base" },
    "No commission yet: Awin has not reported the amount that it is computed from.",
  ],
  [
    "without a rule",
    { commission: null, unpriced: "no_rule" },
    "No commission yet: no commission rule was in force on the day of the sale.",
  ],
  ["nobody's", { commission: null, parkedReason: "no click" }, "Nobody is credited yet: no click."],
])("a conversion that is %s says what is owed now, and what was", (_name, more, expected) => {
  expect(explainOwed({ ...owed, ...more })).toBe(expected);
});

import { expect, test } from "vitest";
import { describeActivity } from "@/server/insight/rules/describe-activity";
import { describeOwnActivity } from "@/server/insight/rules/describe-own-activity";
import type { Money } from "@/server/money";

const sources = new Map([["src_1", "Awin"]]);

test.each<[string, Record<string, string | null>, string, string]>([
  ["conversion.pending", { order: "A-1", source: "src_1" }, "Awin reported order A-1", "held"],
  ["conversion.approved", { order: "A-1", source: "src_1" }, "Awin approved order A-1", "paid"],
  [
    "conversion.approved",
    { order: "A-1", source: "src_1", parked: "no click" },
    "Awin approved order A-1; nobody is credited yet",
    "unknown",
  ],
  ["conversion.reversed", { order: "A-1", source: "src_gone" }, "A source took back order A-1", "reversed"],
  [
    "conversion.attributed",
    { order: "A-1", via: "click" },
    "The affiliate of order A-1 was found by its click",
    "payable",
  ],
  [
    "delivery.quarantined",
    { source: "src_1", reason: "no transaction id" },
    "A delivery of Awin was quarantined: no transaction id",
    "held",
  ],
  [
    "delivery.replayed",
    { source: "src_1", result: "accepted", reason: null },
    "A delivery of Awin was replayed and accepted",
    "neutral",
  ],
  ["payout.failed", { reason: "the account is closed" }, "A payout failed: the account is closed", "reversed"],
  ["payout.unknown", {}, "A payout is unknown: it is looked up before anything is sent again", "unknown"],
  ["tax.withheld_early", {}, "tax withheld early", "neutral"],
])("%s %j is told in words", (kind, details, sentence, tone) => {
  expect(describeActivity({ kind, subjectId: "x", details }, sources)).toMatchObject({ sentence, tone });
});

test.each([
  ["49.90", "EUR", { minor: 4990n, currency: "EUR" }],
  ["-49.90", "EUR", { minor: -4990n, currency: "EUR" }],
  ["120000", "JPY", { minor: 120000n, currency: "JPY" }],
  ["90071992547409.93", "EUR", { minor: 9007199254740993n, currency: "EUR" }],
  ["1.2.3", "EUR", null],
  [null, null, null],
])("the amount %s %s is shown exactly, or not at all", (amount, currency, expected) => {
  const deed = { kind: "payout.paid", subjectId: "pay_1", details: { amount, currency } };
  expect(describeActivity(deed, sources).amount).toEqual(expected);
});

test("an order id as long as a request is cut, so that the line stays a line", () => {
  const deed = { kind: "conversion.pending", subjectId: "cnv_1", details: { order: "x".repeat(5000) } };
  expect(describeActivity(deed, sources).sentence.length).toBeLessThan(80);
});

const everything = {
  order: "A-1",
  source: "src_1",
  amount: "12.00",
  currency: "EUR",
  reason: "Olive refused it",
  via: "click",
  state: "paid",
  providerStatus: "DENIED",
};

test.each<[string, string, Money | null]>([
  ["conversion.approved", "Awin approved order A-1", null],
  ["conversion.attributed", "The affiliate of order A-1 was found", null],
  ["commission.release", "The hold on order A-1 ended: its commission is payable", { minor: 1200n, currency: "EUR" }],
  ["payout.failed", "A payout failed", { minor: 1200n, currency: "EUR" }],
  ["payout.retried", "A failed payout is tried again", { minor: 1200n, currency: "EUR" }],
  ["tax.withheld_early", "tax withheld early", null],
])("%s is told to its own affiliate without the source's amount and anybody's reasons", (kind, sentence, amount) => {
  const deed = { kind, subjectId: "x", details: everything };
  expect(describeOwnActivity(deed, sources)).toMatchObject({ sentence, amount });
});

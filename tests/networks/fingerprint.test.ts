import fc from "fast-check";
import { expect, test } from "vitest";
import { dedupeKeyOf, fingerprintOf, type Report } from "@/server/networks";

const report: Report = {
  externalId: "ORD-1",
  status: "approved",
  sale: { minor: 12500n, currency: "EUR" },
  reward: { minor: 1250n, currency: "EUR" },
  clickRef: "clk_1",
  subIds: { sub2: "a", sub3: "b" },
  occurredAt: new Date("2026-01-01T00:00:00Z"),
  orderingKey: "001767225600.000000000",
};

const changes: [what: string, change: Partial<Report>][] = [
  ["another id", { externalId: "ORD-2" }],
  ["another status", { status: "declined" }],
  ["no status", { status: undefined }],
  ["another sale", { sale: { minor: 12501n, currency: "EUR" } }],
  ["another currency", { sale: { minor: 12500n, currency: "USD" } }],
  ["no sale", { sale: undefined }],
  ["a sale of zero", { sale: { minor: 0n, currency: "EUR" } }],
  ["another reward", { reward: { minor: 125n, currency: "EUR" } }],
  ["sale and reward exchanged", { sale: report.reward, reward: report.sale }],
  ["no click", { clickRef: undefined }],
  ["another click", { clickRef: "clk_2" }],
  ["another sub-id", { subIds: { sub2: "a", sub3: "c" } }],
  ["a sub-id less", { subIds: { sub2: "a" } }],
  ["sub-ids exchanged", { subIds: { sub2: "b", sub3: "a" } }],
  ["another time", { occurredAt: new Date("2026-01-01T00:00:01Z") }],
  ["no time", { occurredAt: undefined }],
  ["another place in the order", { orderingKey: "001767225600.000000001" }],
  ["no order", { orderingKey: undefined }],
];

test.each(changes)("%s is another statement", (_what, change) => {
  expect(fingerprintOf({ ...report, ...change })).not.toBe(fingerprintOf(report));
});

test("no two of the changes share a fingerprint", () => {
  expect(new Set(changes.map(([, change]) => fingerprintOf({ ...report, ...change }))).size).toBe(changes.length);
});

test("the order of sub-ids does not count, and the fingerprint of a report is the same for ever", () => {
  expect(fingerprintOf({ ...report, subIds: { sub3: "b", sub2: "a" } })).toBe(fingerprintOf(report));
  expect(fingerprintOf(report)).toBe("d3f452ab9c11b2a8f693ca746e75da8d77bcd4c1f031f7e656256792c06dddff");
});

test("what a conversion would begin with does not count: it says nothing of one that we hold", () => {
  const silent: Report = { ...report, status: undefined };
  expect(fingerprintOf({ ...silent, defaultStatus: "approved" })).toBe(fingerprintOf(silent));
});

test("text cannot move from one field to the next unseen", () => {
  const texts = fc.string({ maxLength: 6 });
  fc.assert(
    fc.property(texts, texts, texts, texts, (a, b, c, d) => {
      fc.pre(a !== c || b !== d);
      const [one, other] = [
        { ...report, externalId: a, clickRef: b },
        { ...report, externalId: c, clickRef: d },
      ];
      return fingerprintOf(one) !== fingerprintOf(other);
    }),
  );
});

test("a report with an order is keyed by its place in it, another by its conversion", () => {
  expect(dedupeKeyOf(report)).toBe("o:ORD-1@001767225600.000000000");
  expect(dedupeKeyOf({ ...report, orderingKey: undefined })).toBe("c:ORD-1");
  expect(dedupeKeyOf({ ...report, status: "declined" })).toBe(dedupeKeyOf(report));
});

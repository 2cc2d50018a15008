import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyReport, type ConversionState, type Report } from "@/server/conversions/rules/apply-report";

const arrival = { trust: "claimed" as const, receivedAt: new Date("2026-05-01T10:00:00Z") };
const report = (change: Partial<Report>): Report => ({ externalId: "1", status: "pending", subIds: {}, ...change });
const eur = (minor: bigint) => ({ minor, currency: "EUR" });

function apply(reports: readonly Report[]): ConversionState | null {
  return reports.reduce<ConversionState | null>((held, next) => {
    const applied = applyReport(held, next, arrival);
    return "state" in applied ? applied.state : held;
  }, null);
}

describe("one report upon what we hold", () => {
  const first = apply([report({ status: "approved", reward: eur(100n) })]);
  const cases: [string, Report, string][] = [
    ["the same words", report({ status: "approved", reward: eur(100n) }), "same"],
    ["fewer words, none new", report({ status: "approved" }), "same"],
    ["another status", report({ status: "declined" }), "changed"],
    ["another amount", report({ status: "approved", reward: eur(99n) }), "changed"],
    ["a sale where there was none", report({ status: "approved", sale: eur(1_000n) }), "changed"],
    ["a click where there was none", report({ status: "approved", clickRef: "clk_1" }), "changed"],
    ["a time 15 minutes ahead", report({ status: "approved", occurredAt: new Date("2026-05-01T10:15:00Z") }), "same"],
    [
      "a time further ahead",
      report({ status: "approved", occurredAt: new Date("2026-05-01T10:15:00.001Z") }),
      "refused",
    ],
    ["another currency", report({ status: "approved", reward: { minor: 100n, currency: "USD" } }), "refused"],
  ];
  test.each(cases)("%s", (_name, next, kind) => {
    expect(applyReport(first, next, arrival).kind).toBe(kind);
  });

  test("a report without an amount leaves the amount we hold", () => {
    expect(apply([report({ reward: eur(100n) }), report({ status: "approved" })])?.reward).toEqual(eur(100n));
  });

  test("an older report is stale where the dialect orders its reports", () => {
    const held = apply([report({ status: "approved", orderingKey: "2" })]);
    expect(applyReport(held, report({ status: "pending", orderingKey: "1" }), arrival).kind).toBe("stale");
  });

  test("without an order of its own, arrival counts: approved, declined, approved ends approved", () => {
    const life = ["approved", "declined", "approved"] as const;
    expect(apply(life.map((status) => report({ status })))?.networkStatus).toBe("approved");
  });

  test("a confirmed report raises trust, a claimed one never lowers it", () => {
    const confirmed = applyReport(first, report({ status: "approved" }), { ...arrival, trust: "confirmed" });
    expect("state" in confirmed && confirmed.state.trust).toBe("confirmed");
    const again = applyReport("state" in confirmed ? confirmed.state : null, report({ status: "declined" }), arrival);
    expect("state" in again && again.state.trust).toBe("confirmed");
  });

  test("any order of arrival of ordered reports ends in the same state", () => {
    const life: Report[] = [
      report({ status: "pending", reward: eur(100n), orderingKey: "1", clickRef: "c" }),
      report({ status: "approved", orderingKey: "2" }),
      report({ status: "approved", reward: eur(80n), orderingKey: "3" }),
      report({ status: "declined", orderingKey: "4" }),
      report({ status: "approved", sale: eur(900n), orderingKey: "5" }),
      report({ status: "reversed", orderingKey: "6" }),
    ];
    const inOrder = apply(life);
    fc.assert(
      fc.property(fc.shuffledSubarray(life, { minLength: life.length }), (shuffled) => {
        expect(apply(shuffled)).toEqual(inOrder);
      }),
      { numRuns: 720 },
    );
  });
});

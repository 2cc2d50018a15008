import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyReport, type ConversionState, type Report } from "@/server/conversions/rules/apply-report";

const arrival = { trust: "claimed" as const, receivedAt: new Date("2026-05-01T10:00:00Z") };
const report = (change: Partial<Report>): Report => ({ externalId: "1", status: "pending", subIds: {}, ...change });
/** No status word in the request. */
const silent = { status: undefined };
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

  test("a report without a status leaves the status we hold; the first one begins with its default, else pending", () => {
    expect(apply([report({ status: "approved" }), report(silent)])?.networkStatus).toBe("approved");
    expect(apply([report({ status: "declined" }), report({ ...silent, defaultStatus: "approved" })])).toMatchObject({
      networkStatus: "declined",
    });
    expect(apply([report({ ...silent, defaultStatus: "approved" })])?.networkStatus).toBe("approved");
    expect(apply([report(silent)])?.networkStatus).toBe("pending");
  });

  test("a status that was never said yields to any that is, however old", () => {
    const begun = report({ ...silent, defaultStatus: "approved", orderingKey: "2" });
    expect(apply([begun, report({ status: "pending", orderingKey: "1" })])?.networkStatus).toBe("pending");
  });

  test("a report that says nothing at all is a repeat, not a late one", () => {
    expect(applyReport(first, report(silent), arrival).kind).toBe("same");
  });

  test("the same words said later are newer: a report from between no longer counts", () => {
    const held = apply(["1", "3"].map((orderingKey) => report({ status: "approved", orderingKey })));
    expect(held?.orderingKeys.status).toBe("3");
    expect(applyReport(held, report({ status: "declined", orderingKey: "2" }), arrival).kind).toBe("stale");
  });

  const ties: [string, Partial<Report>, Partial<Report>, Partial<ConversionState>][] = [
    ["the status further on its way", { status: "approved" }, { status: "pending" }, { networkStatus: "approved" }],
    ["what was taken back", { status: "reversed" }, { status: "approved" }, { networkStatus: "reversed" }],
    ["the larger amount", { reward: eur(1_000n) }, { reward: eur(999n) }, { reward: eur(1_000n) }],
    ["the later text", { clickRef: "b" }, { clickRef: "a" }, { clickRef: "b" }],
    ["the later text of a sub-id", { subIds: { sub2: "b" } }, { subIds: { sub2: "a" } }, { subIds: { sub2: "b" } }],
  ];
  test.each(ties)("of two reports with one ordering key %s counts, whichever comes first", (_name, a, b, expected) => {
    const told = [report({ ...a, orderingKey: "1" }), report({ ...b, orderingKey: "1" })];
    expect(apply(told)).toMatchObject(expected);
    expect(apply(told.toReversed())).toEqual(apply(told));
  });

  test("without an order of its own the first of a sub-id stays", () => {
    const held = apply([report({ subIds: { sub2: "a" } }), report({ subIds: { sub2: "b", sub3: "c" } })]);
    expect(held?.subIds).toEqual({ sub2: "a", sub3: "c" });
  });

  test("each of the 720 orders of a life of six ends in the same state", () => {
    const at = (minute: number) => ({
      orderingKey: String(minute),
      occurredAt: new Date(Date.UTC(2026, 3, 1, 0, minute)),
    });
    const life: Report[] = [
      report({ status: "pending", reward: eur(100n), clickRef: "c", subIds: { sub2: "a" }, ...at(1) }),
      report({ status: "approved", ...at(2) }),
      report({ status: "approved", reward: eur(80n), ...at(3) }),
      report({ status: "declined", reward: eur(90n), ...at(3) }),
      report({ ...silent, defaultStatus: "approved", sale: eur(900n), subIds: { sub2: "b" }, ...at(5) }),
      report({ status: "approved", reward: eur(90n), ...at(4) }),
    ];
    const orders = ordersOf(life);
    expect(orders).toHaveLength(720);
    for (const order of orders) expect(apply(order)).toEqual(apply(life));
    expect(apply(life)).toMatchObject({ networkStatus: "approved", reward: eur(90n), sale: eur(900n), clickRef: "c" });
  });

  test("any order of any ordered reports ends in the same state", () => {
    const pick = <T>(...values: T[]) => fc.constantFrom(undefined, ...values);
    const reports = fc.array(
      fc
        .record({
          status: pick<Report["status"]>("pending", "approved", "declined", "reversed"),
          sale: pick(eur(1n), eur(2n)),
          reward: pick(eur(9n), eur(10n)),
          clickRef: pick("a", "b"),
          subIds: fc.dictionary(fc.constantFrom("sub2", "sub3"), fc.constantFrom("x", "y")),
          minute: fc.integer({ min: 1, max: 4 }),
        })
        .map(({ minute, ...said }) =>
          report({ ...said, orderingKey: String(minute), occurredAt: new Date(Date.UTC(2026, 3, 1, 0, minute)) }),
        ),
      { minLength: 1, maxLength: 7 },
    );
    const shuffled = reports.chain((life) =>
      fc.tuple(fc.constant(life), fc.shuffledSubarray(life, { minLength: life.length })),
    );
    fc.assert(
      fc.property(shuffled, ([life, order]) => {
        expect(apply(order)).toEqual(apply(life));
      }),
      { numRuns: 2_000 },
    );
  });
});

function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

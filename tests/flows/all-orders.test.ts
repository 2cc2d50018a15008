import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyLedger } from "@/server/ledger";
import { addRuleVersion } from "@/server/programs";
import { createRandom } from "@/tests/proofs/random";
import { type Flow, openFlow, type Standing } from "./open-flow";

/** Orders of arrival tried on each database; the rules by themselves are tried in all 720 (tests/conversions). */
const SAMPLE = 24;
const SAMPLE_WITH_RELEASES = 10;
const SEED = 20_260_301;

const at = (time: string) => `ts=${Date.parse(`${time}:00Z`) / 1000}`;

describe.each(["pglite", "postgres"] as const)("a life of six reports on %s", (kind) => {
  let flow: Flow;
  const begunAt = new Date("2026-03-01T09:00:00Z");

  beforeAll(async () => {
    flow = await openFlow(kind, begunAt);
    const rule = { programId: flow.org.programId, sourceId: null, name: "Share", base: "reward" as const };
    const pays = (ratePpm: bigint) => ({ kind: "percentage" as const, ratePpm });
    await flow.inOrg(async (tx) => {
      const january = { ...rule, pays: pays(50_000n), holdDays: 20, effectiveFrom: new Date("2026-01-01T00:00:00Z") };
      const february = { ...rule, pays: pays(100_000n), holdDays: 10, effectiveFrom: new Date("2026-02-01T00:00:00Z") };
      await addRuleVersion(tx, january, begunAt);
      await addRuleVersion(tx, february, begunAt);
    });
  });
  afterAll(() => flow.close());

  /** Lets every sampled order of these reports arrive, one delivery in one transaction; holds that are over end after each where
   *  `isReleasing`. Answers with where each came out, in order of events first. */
  async function live(name: string, life: readonly string[], isReleasing: boolean): Promise<Standing[]> {
    const random = createRandom(SEED);
    const sample = isReleasing ? SAMPLE_WITH_RELEASES : SAMPLE;
    const orders = [life, life.toReversed(), ...Array.from({ length: sample - 2 }, () => random.shuffled(life))];
    for (let step = 0; step < life.length; step++) {
      await flow.store(orders.map((order, n) => `transaction_id=${name}-${n}&${order[step]}`));
      await flow.processAll();
      if (isReleasing) await flow.release();
    }
    await flow.release();
    const standings = [];
    for (const n of orders.keys()) standings.push({ ...(await flow.standingOf(`${name}-${n}`)), effects: [] });
    return standings;
  }

  test("ends in one state, amount, rule version and hold, and leaves one set of books, in whatever order it arrives", async () => {
    const life = [
      `payout=100.00&${at("2026-01-20T10:00")}`,
      `status=approved&sub1=member-1&${at("2026-02-02T10:00")}`,
      `status=declined&payout=80.00&${at("2026-02-03T10:00")}`,
      `status=pending&payout=90.00&sub2=b&${at("2026-02-03T10:00")}`,
      `status=approved&sub1=member-1&sub2=a&${at("2026-02-04T10:00")}`,
      `payout=70.00&amount=700.00&${at("2026-02-05T10:00")}`,
    ];
    const standings = await live("whole", life, false);
    expect(standings[0]).toMatchObject({
      status: "approved",
      state: "payable",
      amount: "350",
      eventAt: "2026-01-20T10:00:00",
      holdUntil: "2026-02-09T10:00:00",
      books: { affiliate_payable: "-350", margin_earned: "-6650", network_receivable_claimed: "7000" },
    });
    for (const standing of standings) expect(standing).toEqual(standings[0]);
    expect(await flow.inOrg(verifyLedger)).toEqual([]);
  }, 240_000);

  const begins = [
    `sub1=member-1&status=pending&payout=100.00&${at("2026-02-01T10:00")}`,
    `sub1=member-1&status=approved&${at("2026-02-02T10:00")}`,
    `sub1=member-1&status=approved&payout=80.00&${at("2026-02-03T10:00")}`,
    `sub1=member-1&status=declined&${at("2026-02-04T10:00")}`,
    `sub1=member-1&status=approved&payout=90.00&${at("2026-02-05T10:00")}`,
  ];
  const ends: [status: string, expected: Partial<Standing>][] = [
    ["reversed", { books: {} }],
    [
      "approved",
      {
        state: "payable",
        amount: "900",
        books: { affiliate_payable: "-900", margin_earned: "-8100", network_receivable_claimed: "9000" },
      },
    ],
    [
      "pending",
      {
        state: "held",
        amount: "900",
        books: { affiliate_held: "-900", margin_held: "-8100", network_receivable_claimed: "9000" },
      },
    ],
  ];
  test.each(ends)(
    "whose hold ends before it is %s leaves one set of books, in whatever order it arrives",
    async (status, expected) => {
      const standings = await live(
        status,
        [...begins, `sub1=member-1&status=${status}&${at("2026-02-06T10:00")}`],
        true,
      );
      // What was taken back before we ever heard of it accrued nothing: no commission, and the same books.
      const moneyOf = ({ state, amount, books }: Standing) =>
        status === "reversed" ? { amount: amount ?? "0", books } : { state, amount, books };
      for (const standing of standings) {
        expect(standing).toMatchObject(expected);
        expect(moneyOf(standing)).toEqual(moneyOf(standings[0] ?? standing));
      }
      expect(await flow.inOrg(verifyLedger)).toEqual([]);
    },
    240_000,
  );
});

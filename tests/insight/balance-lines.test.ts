import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BalanceLine, BalanceName } from "@/server/insight";
import { applyReports } from "@/server/payouts";
import { type Context, createCallerFactory } from "@/server/trpc/init";
import { appRouter } from "@/server/trpc/router";
import { openDesk } from "@/tests/payouts/desk";
import { says } from "@/tests/payouts/fake-rail";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

describe.each(["pglite", "postgres"] as const)("what balances are made of, on %s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened.close());

  /** Something in every figure: held, taken back, failed and payable again, on its way, paid; in two currencies. */
  async function busyDesk() {
    const desk = await openDesk(opened, 3);
    for (const member of [1, 2, 3]) await desk.earn({ member, order: `o${member}`, minor: 2000n + BigInt(member) });
    const { attemptId, payouts } = await desk.payOut();
    const [paid = "", failed = ""] = payouts.map(({ id }) => id);
    desk.pass(1000);
    const items = [says(paid, "SUCCESS"), says(failed, "FAILED")];
    await desk.inOrg((tx) => applyReports(tx, { attemptId, items }, desk.now()));
    await desk.earn(
      { member: 1, order: "o1", minor: 1500n },
      { member: 2, order: "later", minor: 700n, status: "pending" },
    );
    await desk.earn({ member: 1, order: "dollars", minor: 900n, currency: "USD" });
    return desk;
  }

  function callAs(actor: Context["actor"], clock: () => Date) {
    const context = { actor, database: opened.database, clock, rails: [], send: async () => {} };
    return createCallerFactory(appRouter)(context);
  }

  type Page = { total: { minor: bigint }; count: number; lines: BalanceLine[] };

  /** Every line, read in pages of two. */
  async function readAll(page: (cursor: string | undefined) => Promise<Page>) {
    const lines: BalanceLine[] = [];
    for (;;) {
      const { total, count, lines: more } = await page(lines.at(-1)?.id);
      lines.push(...more);
      if (more.length === 0) return { total: total.minor, count, lines };
    }
  }

  const sumOf = (lines: readonly BalanceLine[]) => lines.reduce((sum, { amount }) => sum + amount.minor, 0n);
  const names: readonly BalanceName[] = ["held", "payable", "inTransit", "paid"];

  test("each figure of the Overview is the sum of its lines, page by page", async () => {
    const desk = await busyDesk();
    const { overview } = callAs(
      { side: "operator", role: "owner", userId: "u", name: "Op", orgId: desk.org.orgId },
      desk.now,
    );
    const figures = await overview.balances();
    expect(figures.map(({ currency }) => currency)).toEqual(["EUR", "USD"]);
    for (const figure of figures) {
      for (const balance of names) {
        const { total, count, lines } = await readAll((cursor) =>
          overview.balanceLines({ balance, currency: figure.currency, affiliateId: null, cursor, limit: 2 }),
        );
        const told = `${balance} ${figure.currency}`;
        expect([total, sumOf(lines), lines.length], told).toEqual([
          figure[balance].minor,
          figure[balance].minor,
          count,
        ]);
        expect(
          lines.map(({ id }) => id),
          told,
        ).toEqual(
          lines
            .map(({ id }) => id)
            .sort()
            .reverse(),
        );
      }
    }
    expect(figures[0]).toMatchObject({ held: { minor: 700n }, payable: { minor: 1501n } });
  });

  test("each figure of the portal is the sum of its own lines, and of nobody else's", async () => {
    const desk = await busyDesk();
    for (const member of [1, 2, 3]) {
      const affiliateId = desk.affiliateId(member);
      const actor = { side: "affiliate" as const, userId: "a", name: "Aff", orgId: desk.org.orgId, affiliateId };
      const { portal } = callAs(actor, desk.now);
      const balances = await portal.balances();
      expect(balances.length).toBeGreaterThan(0);
      for (const { currency, available, held, inTransit, paid } of balances) {
        const figures = { payable: available, held, inTransit, paid };
        for (const balance of names) {
          const { total, lines } = await readAll((cursor) =>
            portal.balanceLines({ balance, currency, cursor, limit: 2 }),
          );
          expect([total, sumOf(lines)], `${member} ${balance}`).toEqual([
            figures[balance].minor,
            figures[balance].minor,
          ]);
          expect(new Set(lines.map(({ affiliateName }) => affiliateName)).size).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  test("every line names the thing that explains it", async () => {
    const desk = await busyDesk();
    const operator = {
      side: "operator" as const,
      role: "owner" as const,
      userId: "u",
      name: "Op",
      orgId: desk.org.orgId,
    };
    const { overview, payouts, conversions } = callAs(operator, desk.now);
    const { lines } = await overview.balanceLines({
      balance: "payable",
      currency: "EUR",
      affiliateId: desk.affiliateId(2),
      limit: 50,
    });
    expect(lines.map(({ cause, amount }) => [cause.of, cause.purpose, amount.minor])).toEqual([
      ["payout", "fail", 2002n],
      ["payout", "approve", -2002n],
      ["commission", "release", 2002n],
    ]);
    const reads = lines.map(({ cause }) =>
      cause.of === "payout"
        ? payouts.get({ payoutId: cause.payoutId }).then(({ payout }) => payout.batchId === cause.batchId)
        : conversions
            .trace({ conversionId: cause.conversionId })
            .then(({ conversion }) => conversion.externalId === "o2"),
    );
    expect(await Promise.all(reads)).toEqual([true, true, true]);
  });
});

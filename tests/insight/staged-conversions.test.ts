import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAffiliate, enrol } from "@/server/affiliates";
import { applyReports, discardBatch } from "@/server/payouts";
import { addRuleVersion } from "@/server/programs";
import { createCallerFactory } from "@/server/trpc/init";
import { appRouter } from "@/server/trpc/router";
import { openDesk } from "@/tests/payouts/desk";
import { says } from "@/tests/payouts/fake-rail";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

describe.each(["pglite", "postgres"] as const)("where a conversion stands, on %s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened.close());

  async function openScreens(start?: string) {
    const desk = await openDesk(opened, 1, start);
    const callAs = createCallerFactory(appRouter);
    const context = { database: opened.database, clock: desk.now, rails: [], send: async () => {} };
    const { orgId } = desk.org;
    const { conversions } = callAs({
      ...context,
      actor: { side: "operator", role: "owner", userId: "u", name: "Op", orgId },
    });
    const portalOf = (affiliateId: string) =>
      callAs({ ...context, actor: { side: "affiliate", userId: "a", name: "Aff", orgId, affiliateId } }).portal;
    return {
      desk,
      portalOf,
      pay: async (word: string) => {
        const { attemptId, payouts } = await desk.payOut();
        desk.pass(1000);
        const items = payouts.map(({ id }) => says(id, word));
        await desk.inOrg((tx) => applyReports(tx, { attemptId, items }, desk.now()));
      },
      discard: async (batchId: string) => desk.inOrg((tx) => discardBatch(tx, { batchId }, desk.now())),
      /** As operator and affiliate see the only conversion; list and drawer must agree. */
      look: async () => {
        const [listed] = (await conversions.list({})).rows;
        const { stage, explanation } = await conversions.trace({ conversionId: listed?.id ?? "" });
        expect(stage).toEqual(listed?.stage);
        expect(explanation).toBe(listed?.explanation);
        const [own] = (await portalOf(desk.affiliateId(1)).earnings({})).rows;
        return { listed, own };
      },
    };
  }

  const order = (more: object = {}) => ({ member: 1, order: "o", minor: 2000n, ...more });

  test("is what the books say: a discarded draft does not hide that it was paid", async () => {
    const { desk, pay, discard, look } = await openScreens();
    await desk.earn(order());
    await pay("SUCCESS");
    await desk.earn(order({ minor: 5000n }));
    await discard((await desk.plan()).batchId);
    const { listed, own } = await look();
    for (const row of [listed, own]) {
      expect(row?.stage).toMatchObject({
        current: "hold over",
        sentence: expect.stringContaining("Paid once, and grew"),
      });
      expect(row?.commission).toMatchObject({ state: "payable" });
    }
  });

  test("is not told to an affiliate from a draft, which may never be approved", async () => {
    const { desk, look } = await openScreens();
    await desk.earn(order());
    await desk.plan();
    const { listed, own } = await look();
    expect(listed).toMatchObject({ stage: { current: "in batch" }, commission: { state: "in_batch" } });
    expect(own).toMatchObject({ stage: { current: "hold over", holder: "us" }, commission: { state: "payable" } });
    await desk.earn(order({ status: "reversed" }));
    expect((await look()).own).toMatchObject({
      stage: { current: "reversed", next: null },
      commission: { state: "void", amount: { minor: 0n } },
      explanation: expect.stringMatching(/^Nothing is owed: Generic network took it back\. Before that: 20\.00 EUR is/),
    });
  });

  test("shows when it was approved, also once that was taken back", async () => {
    const { desk, look } = await openScreens();
    await desk.earn(order({ status: "pending" }));
    desk.pass(60_000);
    const approvedAt = desk.now();
    await desk.earn(order());
    desk.pass(60_000);
    await desk.earn(order({ status: "declined" }));
    const { listed } = await look();
    expect(listed?.stage.stages.find(({ name }) => name === "approved")).toMatchObject({ at: approvedAt });
    expect(listed?.stage.stages.find(({ state }) => state === "current")?.name).toBe("hold over");
    expect(listed?.explanation).toBe(
      'Nothing is owed: Generic network declined it. Before that: 100 % of the reward of 20.00 EUR is 20.00 EUR (rule "Standard share", version 1).',
    );
  });

  test("says nothing is owed, and not that it is unknown, of what was declined in the first report", async () => {
    const { desk, look } = await openScreens();
    await desk.earn(order({ status: "declined" }));
    expect((await look()).own).toMatchObject({
      commission: null,
      explanation: "Nothing is owed: Generic network declined it before anything was.",
    });
  });

  test("says who has to bring what is missing for a commission", async () => {
    const early = await openScreens("2019-12-31T10:00:00Z");
    await early.desk.earn(order());
    expect((await early.look()).own?.stage).toMatchObject({ current: "parked", holder: "us" });
    const noSale = await openScreens();
    await noSale.desk.inOrg((tx) =>
      addRuleVersion(
        tx,
        {
          programId: noSale.desk.org.programId,
          sourceId: noSale.desk.org.source.id,
          name: "Of the sale",
          base: "sale",
          pays: { kind: "percentage", ratePpm: 100_000n },
          holdDays: 0,
          effectiveFrom: new Date("2020-01-01T00:00:00Z"),
        },
        noSale.desk.now(),
      ),
    );
    await noSale.desk.earn(order());
    const { own, listed } = await noSale.look();
    for (const row of [own, listed]) {
      expect(row?.stage).toMatchObject({ current: "parked", holder: "network" });
      expect(row?.explanation).toBe(
        "No commission yet: Generic network has not reported the amount that it is computed from.",
      );
    }
  });

  test("names the affiliate's own days to the affiliate, and the program's to the operator", async () => {
    const { desk, look, portalOf } = await openScreens();
    await desk.inOrg(async (tx) => {
      const west = {
        name: "West",
        email: "west@example.com",
        externalId: "member-9",
        timeZone: "America/Los_Angeles",
      };
      const affiliateId = await createAffiliate(tx, west, desk.now());
      await enrol(tx, { programId: desk.org.programId, affiliateId }, desk.now());
      desk.org.affiliates[0] = { id: affiliateId, email: west.email, slug: "" };
      const terms = {
        programId: desk.org.programId,
        sourceId: desk.org.source.id,
        name: "Hold",
        base: "reward" as const,
      };
      const pays = { kind: "percentage" as const, ratePpm: 1_000_000n };
      const effectiveFrom = new Date("2020-01-01T00:00:00Z");
      await addRuleVersion(tx, { ...terms, pays, holdDays: 10, effectiveFrom }, desk.now());
    });
    // Half past ten in the evening of 1 March in Los Angeles, half past seven of 2 March in Berlin.
    desk.pass(20.5 * 3_600_000);
    await desk.earn(order({ member: 9 }));
    const { listed, own } = await look();
    expect(listed?.stage).toMatchObject({
      timeZone: "Europe/Berlin",
      sentence: expect.stringContaining("12 Mar 2026"),
    });
    expect(own?.stage).toMatchObject({
      timeZone: "America/Los_Angeles",
      sentence: expect.stringContaining("11 Mar 2026"),
    });
    expect(await portalOf(desk.affiliateId(1)).balances()).toMatchObject([
      { releases: [{ on: "2026-03-11", amount: { minor: 2000n } }] },
    ]);
  });
});

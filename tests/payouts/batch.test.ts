import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setDestination } from "@/server/affiliates";
import { refusalIn } from "@/server/errors";
import { discardBatch, planBatch } from "@/server/payouts";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { openDesk } from "./desk";

describe.each(["pglite", "postgres"] as const)("a payout batch on %s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened.close());

  test("pays everybody who passes and says of everybody else why not", async () => {
    const desk = await openDesk(opened, 5);
    await desk.earn({ member: 1, order: "a", minor: 1500n }, { member: 1, order: "b", minor: 700n });
    await desk.earn({ member: 2, order: "c", minor: 1000n }, { member: 3, order: "d", minor: 999n });
    await desk.earn({ member: 4, order: "e", minor: 1200n, status: "pending" });
    const planned = await desk.plan();
    expect(planned).toMatchObject({ payouts: 2, leftOut: 3, total: { minor: 3200n, currency: "EUR" } });
    const payouts = await desk.payouts(planned.batchId);
    expect(payouts.map((p) => [p.member, p.amount_minor, p.state, p.receiver])).toEqual([
      ["member-1", "2200", "planned", "affiliate-1@example.com"],
      ["member-2", "1000", "planned", "affiliate-2@example.com"],
    ]);
    expect((await desk.findings(planned.batchId)).map((f) => [f.member, f.validator, f.blocks, f.finding])).toEqual([
      ["member-3", "threshold", true, "9.99 EUR is due; the minimum payout is 10.00 EUR."],
      ["member-4", "hold", true, "12.00 EUR is held: its time is over, but the source has not approved it yet."],
      ["member-5", "balance", true, "Nothing earned yet: no EUR came due before 1 Mar 2026."],
    ]);
    await desk.expectSound();
  });

  test("collects only what happened before its cut-off", async () => {
    const desk = await openDesk(opened, 1);
    await desk.earn({ member: 1, order: "early", minor: 2000n });
    const cutOff = new Date(desk.now().getTime() + 60_000);
    desk.pass(3_600_000);
    await desk.earn({ member: 1, order: "late", minor: 4000n });
    expect(await desk.plan({ cutOff })).toMatchObject({ payouts: 1, total: { minor: 2000n } });
    await expect(desk.plan({ cutOff: new Date(desk.now().getTime() + 5000) })).rejects.toThrow(/lies in the future/);
  });

  test("in a currency the program does not pay leaves everybody out", async () => {
    const desk = await openDesk(opened, 2);
    await desk.earn({ member: 1, order: "gbp", minor: 9000n, currency: "GBP" });
    const { batchId, payouts } = await desk.plan({ currency: "GBP" });
    expect(payouts).toBe(0);
    expect((await desk.findings(batchId)).filter((f) => f.validator === "currency")).toHaveLength(2);
    await expect(desk.approve(batchId)).rejects.toThrow(/has no payout that can be approved/);
  });

  test("leaves out whom the rail refuses, with the rail's reason", async () => {
    const desk = await openDesk(opened, 1);
    await desk.earn({ member: 1, order: "a", minor: 2000n });
    const { batchId, payouts } = await desk.plan({ railRefuses: () => "it is not connected" });
    expect(payouts).toBe(0);
    expect(await desk.findings(batchId)).toMatchObject([
      { validator: "rail", finding: "20.00 EUR cannot travel by PayPal: it is not connected." },
    ]);
  });

  test("planned twice at once takes every movement once", async () => {
    const desk = await openDesk(opened, 3);
    for (const member of [1, 2, 3]) await desk.earn({ member, order: `o${member}`, minor: 5000n });
    desk.pass(1000);
    const input = {
      programId: desk.org.programId,
      currency: "EUR",
      cutOff: desk.now(),
      plannedBy: "usr_1",
      railRefuses: () => null,
    };
    const plans = await Promise.all([1, 2].map(() => desk.inOrg((tx) => planBatch(tx, input, desk.now()))));
    expect(plans.map((plan) => plan.payouts).sort()).toEqual([0, 3]);
    const empty = plans.find((plan) => plan.payouts === 0)?.batchId ?? "";
    expect((await desk.findings(empty)).map((f) => f.finding)).toEqual(
      [1, 2, 3].map(() => "Nothing new is due: 50.00 EUR is in a payout under way already."),
    );
    await desk.expectSound();
  });

  test("discarded gives everything back to the next plan, and cannot be approved any more", async () => {
    const desk = await openDesk(opened, 1);
    await desk.earn({ member: 1, order: "a", minor: 2000n });
    const first = await desk.plan();
    expect(await desk.rows(sql`select state from commissions`)).toEqual([{ state: "in_batch" }]);
    await desk.inOrg((tx) => discardBatch(tx, { batchId: first.batchId }, desk.now()));
    expect(await desk.rows(sql`select state from commissions`)).toEqual([{ state: "payable" }]);
    await expect(desk.approve(first.batchId)).rejects.toThrow(/was discarded; only a draft/);
    expect(await desk.plan()).toMatchObject({ payouts: 1, total: { minor: 2000n } });
    await desk.expectSound();
  });

  test("approved moves what is payable into transit, once; the loser of two approvals at once learns who won", async () => {
    const desk = await openDesk(opened, 2);
    await desk.earn({ member: 1, order: "a", minor: 2000n }, { member: 2, order: "b", minor: 3000n });
    const { batchId } = await desk.plan();
    const results = await Promise.allSettled([desk.approve(batchId, "usr_anna"), desk.approve(batchId, "usr_ben")]);
    const lost = results.find((result) => result.status === "rejected");
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(refusalIn(lost?.reason)?.code).toBe("precondition_failed");
    expect(String(lost?.reason)).toMatch(/was approved by usr_(anna|ben) on 2026-03-01/);
    expect(await desk.states(batchId)).toEqual(["queued", "queued"]);
    expect(await desk.balance("paypal", "payouts_in_transit")).toBe(-5000n);
    expect(await desk.balance(desk.affiliateId(1), "affiliate_payable")).toBe(0n);
    await desk.expectSound();
  });

  test("approved after a reversal, a suspension or a change of destination drops those out with a finding and pays the rest", async () => {
    const desk = await openDesk(opened, 4);
    for (const member of [1, 2, 3, 4]) await desk.earn({ member, order: `o${member}`, minor: 5000n });
    const { batchId } = await desk.plan();
    desk.pass(60_000);
    await desk.earn({ member: 1, order: "o1", minor: 5000n, status: "reversed" });
    await desk.rows(sql`update affiliates set status = 'suspended' where id = ${desk.affiliateId(2)} returning id`);
    await desk.inOrg((tx) =>
      setDestination(tx, { affiliateId: desk.affiliateId(3), rail: "paypal", receiver: "new@example.com" }, desk.now()),
    );
    expect(await desk.approve(batchId)).toMatchObject({ payouts: 1, droppedOut: 3 });
    expect(await desk.states(batchId)).toEqual(["canceled", "canceled", "canceled", "queued"]);
    expect((await desk.findings(batchId)).map((f) => f.validator)).toEqual(["balance", "profile", "destination"]);
    await desk.expectSound();
  });

  test("leaves out a destination that took another's place within three days, also when it was the old one before", async () => {
    const desk = await openDesk(opened, 2);
    for (const member of [1, 2]) await desk.earn({ member, order: `o${member}`, minor: 5000n });
    const change = (receiver: string) =>
      desk.inOrg((tx) =>
        setDestination(tx, { affiliateId: desk.affiliateId(1), rail: "paypal", receiver }, desk.now()),
      );
    await change("thief@example.com");
    await change("affiliate-1@example.com");
    desk.pass(72 * 3_600_000 - 5_000);
    const early = await desk.plan();
    expect(early.payouts).toBe(1);
    expect((await desk.findings(early.batchId)).map((f) => f.validator)).toEqual(["cool_off"]);
    await desk.inOrg((tx) => discardBatch(tx, { batchId: early.batchId }, desk.now()));
    desk.pass(5_000);
    expect((await desk.plan()).payouts).toBe(2);
  });

  test("in which nothing can be paid any more is not approved and stays a draft", async () => {
    const desk = await openDesk(opened, 1);
    await desk.earn({ member: 1, order: "a", minor: 5000n });
    const { batchId } = await desk.plan();
    desk.pass(60_000);
    await desk.earn({ member: 1, order: "a", minor: 5000n, status: "reversed" });
    await expect(desk.approve(batchId)).rejects.toThrow(/the account stands at 0.00 EUR now/);
    expect(await desk.batchState(batchId)).toBe("draft");
    await desk.expectSound();
  });

  test("does not pay out of a draft what a later reversal outside its cut-off has taken back", async () => {
    const desk = await openDesk(opened, 1);
    await desk.earn({ member: 1, order: "a", minor: 5000n });
    const cutOff = new Date(desk.now().getTime() + 60_000);
    desk.pass(3_600_000);
    await desk.earn({ member: 1, order: "a", minor: 5000n, status: "reversed" });
    const { batchId, payouts } = await desk.plan({ cutOff });
    expect(payouts).toBe(0);
    expect((await desk.findings(batchId)).map((f) => f.finding)).toEqual([
      "50.00 EUR came due, but the account stands at 0.00 EUR; a payout never exceeds the account.",
    ]);
  });
});

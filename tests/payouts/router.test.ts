import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "@/server/access";
import { applyReports, approveBatch } from "@/server/payouts";
import { getPayout } from "@/server/payouts/payout-detail";
import { payoutsRouter, portalPayoutsRouter } from "@/server/payouts/router";
import { createCallerFactory, router } from "@/server/trpc/init";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { openDesk } from "./desk";
import { fakeRail, says } from "./fake-rail";

const createCaller = createCallerFactory(router({ payouts: payoutsRouter, portal: portalPayoutsRouter }));

describe.each(["pglite", "postgres"] as const)("the payouts of an organization, asked for on %s", (kind) => {
  let opened: TestDatabase;
  let desk: Awaited<ReturnType<typeof openDesk>>;
  const sent: unknown[] = [];
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  beforeEach(async () => {
    desk = await openDesk(opened, 3);
    sent.length = 0;
  });
  afterAll(() => opened.close());

  function as(actor: Actor | null) {
    return createCaller({
      actor,
      database: desk.database,
      clock: desk.now,
      rails: [fakeRail()],
      send: async (event) => {
        sent.push(event.data);
      },
    });
  }
  const operator = () => as({ side: "operator", role: "owner", userId: "usr_1", name: "Anna", orgId: desk.org.orgId });
  const member = (number: number) =>
    as({
      side: "affiliate",
      userId: "usr_2",
      name: "Ben",
      orgId: desk.org.orgId,
      affiliateId: desk.affiliateId(number),
    });

  async function planned() {
    await desk.earn(
      { member: 1, order: "a", minor: 2500n },
      { member: 2, order: "b", minor: 1500n },
      { member: 3, order: "c", minor: 10n },
    );
    desk.pass(1000);
    const { batches } = operator().payouts;
    return batches.plan({ programId: desk.org.programId, currency: "EUR" });
  }

  test("are planned, reviewed, approved and counted by state", async () => {
    const { batches } = operator().payouts;
    const { batchId, ...plan } = await planned();
    expect(plan).toEqual({ payouts: 2, leftOut: 1, total: { minor: 4000n, currency: "EUR" } });
    expect(await batches.findings({ batchId })).toMatchObject([
      { validator: "threshold", due: { minor: 10n, currency: "EUR" } },
    ]);
    expect(await batches.approve({ batchId })).toMatchObject({ payouts: 2, droppedOut: 0 });
    expect(sent).toEqual([{ orgId: desk.org.orgId, batchId }]);
    const claim = await desk.claim(batchId, fakeRail(), 1);
    await desk.record(claim?.attemptId ?? "", { kind: "accepted", providerBatchId: "PB-1", raw: '{"raw":"answer"}' });
    const [submitted] = await batches.payouts({ batchId, states: ["submitted"] });
    await desk.inOrg((tx) =>
      applyReports(
        tx,
        { attemptId: claim?.attemptId ?? "", items: [says(submitted?.id ?? "", "SUCCESS")] },
        desk.now(),
      ),
    );
    const batch = await batches.get({ batchId });
    expect(batch).toMatchObject({
      state: "approved",
      programName: "Shoes",
      leftOut: 1,
      payouts: 2,
      progress: { done: 1, of: 2 },
    });
    expect(batch.totals.map(({ state, payouts }) => [state, payouts])).toEqual([
      ["paid", 1],
      ["queued", 1],
    ]);
    const detail = await operator().payouts.get({ payoutId: submitted?.id ?? "" });
    expect(detail.events.map(({ to }) => to)).toEqual(["planned", "queued", "submitting", "submitted", "paid"]);
    expect(detail.entries.map(({ purpose }) => purpose).sort()).toEqual(["approve", "approve", "settle", "settle"]);
    expect(detail.lines).toMatchObject([
      { kind: "release", trace: { ruleName: "Standard share", resultMinor: submitted?.amount.minor.toString() } },
    ]);
    expect(detail.attempt).toMatchObject({ answer: '{"raw":"answer"}', providerBatchId: "PB-1", itemCount: 1 });
  });

  test("are listed page by page without a gap or a repeat", async () => {
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push((await planned()).batchId);
    const { batches } = operator().payouts;
    const first = await batches.list({ limit: 2 });
    const second = await batches.list({ limit: 2, cursor: first[1]?.id });
    expect([...first, ...second].map(({ id }) => id)).toEqual(ids.reverse());
    const inBatch = ids[2] ?? "";
    const one = await batches.payouts({ batchId: inBatch, limit: 1 });
    const two = await batches.payouts({ batchId: inBatch, limit: 1, cursor: one[0]?.id });
    expect(new Set([...one, ...two].map(({ affiliateId }) => affiliateId)).size).toBe(2);
  });

  test("are retried with the chain kept, and the batch is sent again", async () => {
    const { batchId } = await planned();
    await desk.inOrg((tx) => approveBatch(tx, { batchId, approvedBy: "usr_1" }, desk.now()));
    const claim = await desk.claim(batchId, fakeRail());
    await desk.record(claim?.attemptId ?? "", {
      kind: "rejected",
      code: "NO",
      message: "no",
      retryable: false,
      raw: "{}",
    });
    const { payouts } = operator();
    const failed = await payouts.batches.payouts({ batchId, states: ["failed"] });
    const { retried, refused } = await payouts.batches.retry({ payoutIds: failed.map(({ id }) => id) });
    expect([retried.length, refused]).toEqual([2, []]);
    expect(sent).toEqual([{ orgId: desk.org.orgId, batchId }]);
    expect(await payouts.batches.get({ batchId })).toMatchObject({ payouts: 2, progress: { done: 0, of: 2 } });
    const { chain } = await payouts.get({ payoutId: retried[0]?.retryId ?? "" });
    expect(chain.map(({ id }) => id)).toEqual([retried[0]?.payoutId, retried[0]?.retryId]);
    await expect(payouts.batches.retry({ payoutIds: [failed[0]?.id ?? ""] })).rejects.toMatchObject({
      code: "PRECONDITION_FAILED",
    });
  });

  /** Everybody's payout of a new batch, told as given. */
  async function told(...words: string[]) {
    for (const [index] of words.entries()) await desk.earn({ member: index + 1, order: `t${index}`, minor: 2000n });
    const { batchId, attemptId, payouts } = await desk.payOut();
    desk.pass(1000);
    const items = payouts.map(({ id }, index) => says(id, words[index] ?? ""));
    await desk.inOrg((tx) => applyReports(tx, { attemptId, items }, desk.now()));
    return { batchId, ids: payouts.map(({ id }) => id) };
  }

  test("that are proven unpaid are counted with what a retry would send, until they are retried or a later batch takes them", async () => {
    const { payouts } = operator();
    const { batchId, ids } = await told("FAILED", "RETURNED", "SUCCESS");
    const reversed = ids[2] ?? "";
    const { attempt_id: attemptId = null } = (await desk.payouts(batchId))[2] ?? {};
    await desk.inOrg((tx) =>
      applyReports(tx, { attemptId: attemptId ?? "", items: [says(reversed, "REVERSED")] }, desk.now()),
    );
    const eur = (minor: bigint) => ({ minor, currency: "EUR" });
    expect(await payouts.batches.retryable({ batchId })).toEqual({
      count: 3,
      total: eur(6000n),
      next: { payoutIds: [...ids].sort(), total: eur(6000n) },
    });
    await payouts.batches.retry({ payoutIds: ids.slice(0, 1) });
    expect(await payouts.batches.retryable({ batchId })).toMatchObject({ count: 2, total: eur(4000n) });
    await desk.plan();
    expect(await payouts.batches.retryable({ batchId })).toMatchObject({ count: 0, next: { payoutIds: [] } });
    expect(await payouts.attention({ kind: "failed" })).toEqual([]);
  });

  test("that cannot be retried are named with their affiliate and the reason", async () => {
    const { ids } = await told("FAILED", "SUCCESS");
    const { retried, refused } = await operator().payouts.batches.retry({ payoutIds: ids });
    expect(retried).toHaveLength(1);
    expect(refused).toEqual([
      { payoutId: ids[1], affiliateName: "Affiliate 2", reason: expect.stringContaining("is paid") },
    ]);
  });

  test("are listed by state as they are counted, those that were retried apart", async () => {
    const { batchId, ids } = await told("FAILED", "FAILED", "SUCCESS");
    const { batches } = operator().payouts;
    await batches.retry({ payoutIds: ids.slice(0, 1) });
    const { totals } = await batches.get({ batchId });
    expect(totals.map(({ state, payouts }) => [state, payouts])).toEqual([
      ["failed", 1],
      ["paid", 1],
      ["queued", 1],
      ["retried", 1],
    ]);
    for (const { state, payouts } of totals) {
      expect(await batches.payouts({ batchId, states: [state] }), state).toHaveLength(payouts);
    }
  });

  test("that wait for a person are read page by page", async () => {
    const { ids } = await told("FAILED", "FAILED", "FAILED");
    const { payouts } = operator();
    const first = await payouts.attention({ kind: "failed", limit: 2 });
    const second = await payouts.attention({ kind: "failed", limit: 2, cursor: first[1]?.id });
    expect([...first, ...second].map(({ id }) => id)).toEqual([...ids].sort().reverse());
  });

  test("show of many lines the newest, and what the rest comes to", async () => {
    for (let n = 0; n < 5; n++) await desk.earn({ member: 1, order: `line${n}`, minor: 1000n + BigInt(n) });
    const { payouts } = await desk.payOut();
    const { lines, rest } = await desk.inOrg((tx) => getPayout(tx, payouts[0]?.id ?? "", 2));
    expect([lines.length, rest.count]).toEqual([2, 3]);
    expect(lines.reduce((sum, { amount }) => sum + amount.minor, rest.total.minor)).toBe(5010n);
  });

  test("are not planned for a time to come, and what is asked wrongly is told in words", async () => {
    const { batches } = operator().payouts;
    const cutOff = new Date(desk.now().getTime() + 2000);
    await expect(batches.plan({ programId: desk.org.programId, currency: "EUR", cutOff })).rejects.toMatchObject({
      code: "BAD_REQUEST",
      message: expect.stringContaining("lies in the future"),
    });
    const { message } = (await batches.get({ batchId: "nonsense" }).catch((error: Error) => error)) as Error;
    expect(message).toContain("an id that begins with bat_");
    expect(message).not.toMatch(/[{}"]/);
  });

  test("show an affiliate its own and nobody else's, and why it was left out", async () => {
    const { batchId } = await planned();
    expect(await member(1).portal.list({}), "a draft is nobody's business").toEqual([]);
    expect(await member(3).portal.lastBatch()).toBeNull();
    await operator().payouts.batches.approve({ batchId });
    const [own] = await member(1).portal.list({});
    expect(own).toMatchObject({ amount: { minor: 2500n, currency: "EUR" }, state: "queued", programName: "Shoes" });
    expect((await member(1).portal.get({ payoutId: own?.id ?? "" })).lines).toHaveLength(1);
    await expect(member(2).portal.get({ payoutId: own?.id ?? "" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await member(3).portal.lastBatch()).toMatchObject({
      programName: "Shoes",
      payoutId: null,
      findings: [{ validator: "threshold", finding: "0.10 EUR is due; the minimum payout is 10.00 EUR." }],
    });
    expect(await member(1).portal.lastBatch()).toMatchObject({ payoutId: own?.id, findings: [] });
  });

  test("go to the destination that the affiliate sets, an address at most once in force", async () => {
    const { portal } = member(1);
    await portal.setDestination({ receiver: " new@example.com " });
    await portal.setDestination({ receiver: "new@example.com" });
    expect(await portal.destination()).toMatchObject({ receiver: "new@example.com", rail: "paypal" });
    expect(
      await desk.rows(
        sql`select count(*)::int as n from destinations where affiliate_id = ${desk.affiliateId(1)} and ended_at is null`,
      ),
    ).toEqual([{ n: 1 }]);
    await expect(portal.setDestination({ receiver: "not an address" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });

  test("are not for strangers, nor an operator's deeds for affiliates", async () => {
    const { batchId } = await planned();
    await expect(as(null).payouts.batches.list({})).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await expect(member(1).payouts.batches.approve({ batchId })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(operator().portal.list({})).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(operator().payouts.batches.get({ batchId: "bat_00000000000000000000000000" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

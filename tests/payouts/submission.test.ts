import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkAttempt, claimPayouts, dueAttempts, recordCheck, submitAttempt, takeSubmission } from "@/server/payouts";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { openDesk } from "./desk";
import { accepted, type FakeRail, fakeRail, found, lost, rejected } from "./fake-rail";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe.each(["pglite", "postgres"] as const)("a submission on %s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened.close());

  async function approved(affiliates: number) {
    const desk = await openDesk(opened, affiliates);
    for (let member = 1; member <= affiliates; member++) await desk.earn({ member, order: `o${member}`, minor: 2000n });
    const { batchId } = await desk.plan();
    await desk.approve(batchId);
    const work = (rail: FakeRail) => ({ database: desk.database, rails: [rail], clock: desk.now });
    const attempt = async (id: string) =>
      (
        await desk.rows<{
          state: string;
          sends: number;
          next_check_at: string | null;
          provider_batch_id: string | null;
        }>(sql`select state, sends, next_check_at, provider_batch_id from attempts where id = ${id}`)
      )[0];
    return { desk, batchId, work, attempt };
  }

  test("is an intent with its bytes before anything is sent, in chunks, each payout in one", async () => {
    const { desk, batchId } = await approved(3);
    const rail = fakeRail();
    const first = await desk.claim(batchId, rail, 2);
    expect(rail.sent).toEqual([]);
    expect((await desk.states(batchId)).sort()).toEqual(["queued", "submitting", "submitting"]);
    await desk.record(first?.attemptId ?? "", accepted("PB-1"));
    const second = await desk.claim(batchId, rail, 2);
    await desk.record(second?.attemptId ?? "", accepted("PB-2"));
    expect(await desk.claim(batchId, rail)).toBeNull();
    expect(await desk.states(batchId)).toEqual(["submitted", "submitted", "submitted"]);
    const bodies = `${first?.submission.body} ${second?.submission.body}`;
    for (const payout of await desk.payouts(batchId)) expect(bodies.split(payout.id)).toHaveLength(2);
    expect(first?.submission.key).not.toBe(second?.submission.key);
    await desk.expectSound();
  });

  test("that the database forgot, as after a restore, is frozen again as the same bytes under the same key", async () => {
    const { desk, batchId } = await approved(3);
    const rail = fakeRail();
    const forgotten: unknown[] = [];
    const restored = desk.inOrg(async (tx) => {
      forgotten.push((await claimPayouts(tx, { batchId, rail, limit: 2 }, desk.now()))?.submission);
      throw new Error("restored from a backup");
    });
    await expect(restored).rejects.toThrow("restored from a backup");
    desk.pass(DAY);
    const claim = await desk.claim(batchId, rail, 2);
    expect(claim?.submission).toEqual(forgotten[0]);
    expect(claim?.submission.key.length, "of the 256 characters that PayPal takes").toBeLessThanOrEqual(64);
  });

  test("left by a killed run is found again before anything else, with the same bytes under the same key", async () => {
    const { desk, batchId, work } = await approved(3);
    const rail = fakeRail();
    const killed = await desk.claim(batchId, rail, 2);
    desk.pass(3_600_000);
    const found = await desk.claim(batchId, rail, 2);
    expect(found).toEqual(killed);
    // The second run did not hear that the first was answered.
    for (const _run of [1, 2])
      await submitAttempt(work(rail), { orgId: desk.org.orgId, attemptId: killed?.attemptId ?? "" });
    expect(rail.sent).toEqual([killed?.submission]);
    await desk.expectSound();
  });

  test("claimed by three at once gives each payout to one attempt", async () => {
    const { desk, batchId } = await approved(6);
    const rail = fakeRail();
    await Promise.all([1, 2, 3].map(() => desk.claim(batchId, rail, 2)));
    for (;;) {
      const claim = await desk.claim(batchId, rail, 2);
      if (!claim) break;
      await desk.record(claim.attemptId, accepted(`PB-${claim.attemptId}`));
    }
    const bodies = (await desk.rows<{ body: string }>(sql`select body from attempts where batch_id = ${batchId}`))
      .map((a) => a.body)
      .join(" ");
    for (const payout of await desk.payouts(batchId)) expect(bodies.split(payout.id)).toHaveLength(2);
    expect(new Set(await desk.states(batchId))).toEqual(new Set(["submitted"]));
    await desk.expectSound();
  });

  test("whose answer is lost is unknown, with a task, and its money stays in transit", async () => {
    const { desk, batchId } = await approved(2);
    const claim = await desk.claim(batchId, fakeRail());
    expect((await desk.record(claim?.attemptId ?? "", lost())).kind).toBe("unknown");
    expect(await desk.states(batchId)).toEqual(["unknown", "unknown"]);
    expect(await desk.openTasks()).toEqual(["payout_unknown att"]);
    expect(await desk.balance("paypal", "payouts_in_transit")).toBe(-4000n);
    expect(await desk.batchState(batchId)).toBe("approved");
    await desk.expectSound();
  });

  test("that is unknown is resolved by the identical bytes, which closes the task", async () => {
    const { desk, batchId, work, attempt } = await approved(2);
    const rail = fakeRail();
    rail.answers = [lost(), lost(), accepted("PB-original")];
    const claim = await desk.claim(batchId, rail);
    const one = { orgId: desk.org.orgId, attemptId: claim?.attemptId ?? "" };
    await submitAttempt(work(rail), one);
    await checkAttempt(work(rail), one);
    expect(rail.sent, "not due yet").toHaveLength(1);
    for (const ms of [2000, 5000]) {
      desk.pass(ms);
      expect(await desk.inOrg((tx) => dueAttempts(tx, { rails: [rail], limit: 5 }, desk.now()))).toHaveLength(1);
      await checkAttempt(work(rail), one);
    }
    expect(rail.sent).toEqual([claim?.submission, claim?.submission, claim?.submission]);
    expect(await attempt(one.attemptId)).toMatchObject({
      state: "accepted",
      provider_batch_id: "PB-original",
      sends: 3,
    });
    expect(await desk.states(batchId)).toEqual(["submitted", "submitted"]);
    expect(await desk.openTasks()).toEqual([]);
    await desk.expectSound();
  });

  test("that is unknown is never sent again after the provider's window, and waits for a person", async () => {
    const { desk, batchId, work, attempt } = await approved(1);
    const rail = fakeRail();
    rail.answers = [lost()];
    const claim = await desk.claim(batchId, rail);
    const one = { orgId: desk.org.orgId, attemptId: claim?.attemptId ?? "" };
    await submitAttempt(work(rail), one);
    desk.pass(29 * DAY + 60_000);
    await checkAttempt(work(rail), one);
    expect(rail.sent).toHaveLength(1);
    expect(await attempt(one.attemptId)).toMatchObject({ state: "unknown", next_check_at: null });
    expect(await desk.openTasks()).toEqual(["payout_unknown att"]);
    await desk.expectSound();
  });

  test("that never went out may go out however late", async () => {
    const { desk, batchId, work } = await approved(1);
    const rail = fakeRail();
    const claim = await desk.claim(batchId, rail);
    desk.pass(90 * DAY);
    expect((await submitAttempt(work(rail), { orgId: desk.org.orgId, attemptId: claim?.attemptId ?? "" })).kind).toBe(
      "accepted",
    );
  });

  test("refused by the rail fails its payouts and gives the money back", async () => {
    const { desk, batchId } = await approved(2);
    const claim = await desk.claim(batchId, fakeRail());
    await desk.record(claim?.attemptId ?? "", rejected());
    const payouts = await desk.payouts(batchId);
    expect(payouts.map((p) => [p.state, p.reason])).toEqual([1, 2].map(() => ["failed", "REFUSED: not like this"]));
    expect(await desk.balance(desk.affiliateId(1), "affiliate_payable")).toBe(-2000n);
    expect(await desk.rows(sql`select distinct state from commissions`)).toEqual([{ state: "payable" }]);
    expect(await desk.openTasks()).toEqual(["payout_failed pay", "payout_failed pay"]);
    expect(await desk.batchState(batchId)).toBe("finished");
    await desk.expectSound();
  });

  test("refused for now waits with the same bytes, and nothing else of the batch is sent meanwhile", async () => {
    const { desk, batchId } = await approved(2);
    const rail = fakeRail();
    const claim = await desk.claim(batchId, rail, 1);
    const recorded = await desk.record(claim?.attemptId ?? "", rejected({ retryable: true, retryAfterSeconds: 40 }));
    expect(recorded.kind).toBe("waiting");
    expect((await desk.states(batchId)).sort()).toEqual(["queued", "submitting"]);
    expect(await desk.claim(batchId, rail, 1)).toBeNull();
    desk.pass(40_000);
    expect(await desk.claim(batchId, rail, 1)).toEqual(claim);
    await desk.record(claim?.attemptId ?? "", accepted());
    expect(await desk.claim(batchId, rail, 1)).not.toBeNull();
    await desk.expectSound();
  });

  test("refused for now is as fresh as ever when the provider's window has passed: none of its sendings began one", async () => {
    const { desk, batchId, work } = await approved(1);
    const rail = fakeRail();
    rail.answers = [rejected({ retryable: true }), rejected({ retryable: true })];
    const one = { orgId: desk.org.orgId, attemptId: (await desk.claim(batchId, rail))?.attemptId ?? "" };
    for (const kind of ["waiting", "waiting", "accepted"]) {
      expect((await submitAttempt(work(rail), one)).kind).toBe(kind);
      desk.pass(31 * DAY);
    }
    await desk.expectSound();
  });

  test("refused for now of which one answer was lost is never sent again after the provider's window", async () => {
    const { desk, batchId, work, attempt } = await approved(1);
    const rail = fakeRail();
    const one = { orgId: desk.org.orgId, attemptId: (await desk.claim(batchId, rail))?.attemptId ?? "" };
    await desk.inOrg((tx) => takeSubmission(tx, { attemptId: one.attemptId, rails: [rail] }, desk.now()));
    rail.answers = [rejected({ retryable: true })];
    await submitAttempt(work(rail), one);
    desk.pass(31 * DAY);
    expect((await submitAttempt(work(rail), one)).kind).toBe("none");
    expect(await attempt(one.attemptId)).toMatchObject({ state: "unknown" });
  });

  test("refused for now for a day becomes a task, which the acceptance closes", async () => {
    const { desk, batchId, work } = await approved(1);
    const rail = fakeRail();
    const one = { orgId: desk.org.orgId, attemptId: (await desk.claim(batchId, rail))?.attemptId ?? "" };
    const send = async (answer: "refused" | "accepted") => {
      if (answer === "refused") rail.answers = [rejected({ retryable: true })];
      await submitAttempt(work(rail), one);
    };
    for (let hour = 0; hour < 24; hour++) {
      await send("refused");
      desk.pass(HOUR);
    }
    expect(await desk.openTasks()).toEqual([]);
    await send("refused");
    expect(await desk.openTasks()).toEqual(["payout_waiting att"]);
    await send("accepted");
    expect(await desk.openTasks()).toEqual([]);
    await desk.expectSound();
  });

  test("refused only when repeated, after an answer was lost, does not count as failed", async () => {
    const { desk, batchId, work } = await approved(1);
    const rail = fakeRail();
    const claim = await desk.claim(batchId, rail);
    const attemptId = claim?.attemptId ?? "";
    // The first run was killed between sending and recording.
    await desk.inOrg((tx) => takeSubmission(tx, { attemptId, rails: [rail] }, desk.now()));
    rail.answers = [rejected()];
    await submitAttempt(work(rail), { orgId: desk.org.orgId, attemptId });
    expect(await desk.states(batchId)).toEqual(["unknown"]);
    expect(await desk.balance(desk.affiliateId(1), "affiliate_payable")).toBe(0n);
    await desk.expectSound();
  });

  test("refused because of one payout tries its neighbours again without it", async () => {
    const { desk, batchId } = await approved(3);
    const rail = fakeRail();
    const claim = await desk.claim(batchId, rail);
    const poison = claim?.submission.body.match(/pay_\w+/g)?.[1];
    await desk.record(claim?.attemptId ?? "", rejected({ refusedItems: [1] }));
    const again = await desk.claim(batchId, rail);
    await desk.record(again?.attemptId ?? "", accepted());
    const payouts = await desk.payouts(batchId);
    expect(payouts.find((p) => p.id === poison)).toMatchObject({ state: "failed" });
    const retries = payouts.filter((p) => p.retry_of !== null);
    expect(retries.map((p) => [p.state, p.amount_minor])).toEqual([1, 2].map(() => ["submitted", "2000"]));
    expect(retries.map((p) => p.retry_of)).not.toContain(poison);
    expect(await desk.openTasks()).toEqual(["payout_failed pay"]);
    await desk.expectSound();
  });

  test("refused because of one payout, when an answer was lost before, does not count as failed", async () => {
    const { desk, batchId } = await approved(3);
    const attemptId = (await desk.claim(batchId, fakeRail()))?.attemptId ?? "";
    await desk.record(attemptId, lost());
    await desk.record(attemptId, rejected({ refusedItems: [1] }));
    expect(await desk.states(batchId)).toEqual(["unknown", "unknown", "unknown"]);
    await desk.expectSound();
  });

  test("refused because of payouts that are not in it is not tried again by itself", async () => {
    const { desk, batchId } = await approved(2);
    const rail = fakeRail();
    const claim = await desk.claim(batchId, rail);
    await desk.record(claim?.attemptId ?? "", rejected({ refusedItems: [2, 7] }));
    expect(await desk.states(batchId)).toEqual(["failed", "failed"]);
    expect(await desk.claim(batchId, rail)).toBeNull();
    expect(await desk.openTasks()).toEqual(["payout_failed pay", "payout_failed pay"]);
    await desk.expectSound();
  });

  test("leaves out a payout that the rail refuses by now, and sends its neighbours", async () => {
    const { desk, batchId } = await approved(3);
    const rail = fakeRail({
      refuses: ({ receiver }) => (receiver === "affiliate-2@example.com" ? "that address is closed" : null),
    });
    const claim = await desk.claim(batchId, rail);
    expect(claim?.submission.body.match(/pay_/g)).toHaveLength(2);
    expect(await desk.states(batchId)).toEqual(["submitting", "canceled", "submitting"]);
    expect(await desk.balance(desk.affiliateId(2), "affiliate_payable")).toBe(-2000n);
    await desk.expectSound();
  });

  test("once accepted stays accepted, whatever a parallel sending hears", async () => {
    const { desk, batchId } = await approved(1);
    const claim = await desk.claim(batchId, fakeRail());
    const attemptId = claim?.attemptId ?? "";
    await desk.record(attemptId, accepted("PB-1"));
    for (const outcome of [lost(), rejected(), rejected({ retryable: true }), accepted("PB-1")])
      await desk.record(attemptId, outcome);
    expect(await desk.states(batchId)).toEqual(["submitted"]);
    expect(await desk.openTasks()).toEqual([]);
    await desk.record(attemptId, accepted("PB-2"));
    for (let look = 0; look < 3; look++)
      await desk.inOrg((tx) => recordCheck(tx, { attemptId, outcome: found("PENDING", []) }, desk.now()));
    expect(await desk.openTasks(), "two acceptances under one key, and only a person closes that").toEqual([
      "payout_accepted_twice att",
    ]);
    await desk.expectSound();
  });

  test("with altered bytes is not sent", async () => {
    const { desk, batchId } = await approved(1);
    const rail = fakeRail();
    const claim = await desk.claim(batchId, rail);
    await desk.rows(
      sql`update attempts set body = replace(body, '2000', '9000') where id = ${claim?.attemptId} returning id`,
    );
    const taken = desk.inOrg((tx) =>
      takeSubmission(tx, { attemptId: claim?.attemptId ?? "", rails: [rail] }, desk.now()),
    );
    await expect(taken).rejects.toThrow(/are not those that were frozen/);
  });
});

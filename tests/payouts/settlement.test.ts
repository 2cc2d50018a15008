import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setDestination } from "@/server/affiliates";
import { applyReports, recordCheck, retryPayouts } from "@/server/payouts";
import type { ItemReport, LookUpOutcome } from "@/server/rails";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { openDesk } from "./desk";
import { accepted, fakeRail, found, lost, says } from "./fake-rail";

const MINUTE = 60_000;
const DAY = 86_400_000;

describe.each(["pglite", "postgres"] as const)("settlement on %s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened.close());

  async function submitted(affiliates: number) {
    const desk = await openDesk(opened, affiliates);
    for (let member = 1; member <= affiliates; member++) await desk.earn({ member, order: `o${member}`, minor: 2000n });
    const { batchId, attemptId, payouts } = await desk.payOut();
    const ids = payouts.map(({ id }) => id);
    const hear = (...items: ItemReport[]) => desk.inOrg((tx) => applyReports(tx, { attemptId, items }, desk.now()));
    const retry = (...payoutIds: string[]) =>
      desk.inOrg((tx) => retryPayouts(tx, { payoutIds, by: "Anna" }, desk.now()));
    const look = (outcome: LookUpOutcome) => desk.inOrg((tx) => recordCheck(tx, { attemptId, outcome }, desk.now()));
    const events = (id: string) =>
      desk.rows<{ to_state: string; applied: boolean; provider_status: string | null }>(
        sql`select to_state, applied, provider_status from payout_events where payout_id = ${id} order by seq`,
      );
    return { desk, batchId, attemptId, ids, id: ids[0] ?? "", hear, look, retry, events };
  }

  test("paid leaves cash and the fee with it, marks the commissions paid and finishes the batch", async () => {
    const { desk, batchId, ids, hear } = await submitted(2);
    const [first = "", second = ""] = ids;
    await hear(says(first, "SUCCESS", { fee: { minor: 25n, currency: "USD" } }), says(second, "PENDING"));
    expect(await desk.batchState(batchId)).toBe("approved");
    await hear(says(second, "SUCCESS", { fee: { minor: 0n, currency: "USD" } }));
    expect(await desk.batchState(batchId)).toBe("finished");
    expect(await desk.balance("paypal", "payouts_in_transit")).toBe(0n);
    expect(await desk.balance("paypal", "cash")).toBe(-4000n);
    expect(await desk.balance("paypal", "cash", "USD")).toBe(-25n);
    expect(await desk.balance("paypal", "fees", "USD")).toBe(25n);
    expect(await desk.rows(sql`select distinct state from commissions`)).toEqual([{ state: "paid" }]);
    expect(await desk.openTasks()).toEqual([]);
    await desk.expectSound();
  });

  test("said twice, or by two at once, is booked once", async () => {
    const { desk, id, hear, events } = await submitted(1);
    const paid = says(id, "SUCCESS", { fee: { minor: 25n, currency: "USD" } });
    await Promise.all([hear(paid), hear(paid), hear(paid)]);
    await hear(paid);
    expect(await desk.balance("paypal", "cash")).toBe(-2000n);
    expect((await events(id)).filter((e) => e.to_state === "paid")).toHaveLength(1);
    await desk.expectSound();
  });

  test("of the last outcomes at once, each in a submission of its own, finishes the batch", async () => {
    const desk = await openDesk(opened, 6);
    for (let member = 1; member <= 6; member++) await desk.earn({ member, order: `o${member}`, minor: 2000n });
    const { batchId } = await desk.plan();
    await desk.approve(batchId);
    for (let n = 1; n <= 6; n++) {
      const claim = await desk.claim(batchId, fakeRail(), 1);
      await desk.record(claim?.attemptId ?? "", accepted(`PB-${n}`));
    }
    // Unclaimed books nothing: no account's lock puts these in a row.
    await Promise.all(
      (await desk.payouts(batchId)).map(({ id, attempt_id }) =>
        desk.inOrg((tx) =>
          applyReports(tx, { attemptId: attempt_id ?? "", items: [says(id, "UNCLAIMED")] }, desk.now()),
        ),
      ),
    );
    expect(await desk.batchState(batchId)).toBe("finished");
    await desk.expectSound();
  });

  const lives: { life: string[]; ends: string; payable: bigint; cash: bigint; tasks: string[] }[] = [
    { life: ["PENDING", "ONHOLD", "SUCCESS"], ends: "paid", payable: 0n, cash: -2000n, tasks: [] },
    { life: ["FAILED"], ends: "failed", payable: -2000n, cash: 0n, tasks: ["payout_failed pay"] },
    { life: ["UNCLAIMED"], ends: "unclaimed", payable: 0n, cash: 0n, tasks: [] },
    { life: ["UNCLAIMED", "FAILED"], ends: "returned", payable: -2000n, cash: 0n, tasks: ["payout_returned pay"] },
    { life: ["UNCLAIMED", "SUCCESS"], ends: "paid", payable: 0n, cash: -2000n, tasks: [] },
    { life: ["UNCLAIMED", "RETURNED"], ends: "returned", payable: -2000n, cash: 0n, tasks: ["payout_returned pay"] },
    { life: ["SUCCESS", "RETURNED"], ends: "returned", payable: -2000n, cash: 0n, tasks: ["payout_returned pay"] },
    { life: ["SUCCESS", "REVERSED"], ends: "reversed", payable: -2000n, cash: 0n, tasks: ["payout_returned pay"] },
    { life: ["SUCCESS", "FAILED"], ends: "returned", payable: -2000n, cash: 0n, tasks: ["payout_returned pay"] },
    { life: ["UNDER_REVIEW"], ends: "unknown", payable: 0n, cash: 0n, tasks: ["payout_unknown pay"] },
    { life: ["UNDER_REVIEW", "SUCCESS"], ends: "paid", payable: 0n, cash: -2000n, tasks: [] },
    { life: ["SUCCESS", "UNDER_REVIEW"], ends: "paid", payable: 0n, cash: -2000n, tasks: ["payout_unknown pay"] },
    {
      life: ["FAILED", "SUCCESS"],
      ends: "failed",
      payable: -2000n,
      cash: 0n,
      tasks: ["payout_failed pay", "payout_unknown pay"],
    },
  ];
  test.each(lives)("of $life ends $ends", async ({ life, ends, payable, cash, tasks }) => {
    const { desk, batchId, id, hear } = await submitted(1);
    for (const word of life) {
      desk.pass(DAY);
      await hear(says(id, word, { occurredAt: desk.now() }));
    }
    expect(await desk.states(batchId)).toEqual([ends]);
    expect(await desk.balance(desk.affiliateId(1), "affiliate_payable")).toBe(payable);
    expect(await desk.balance("paypal", "cash")).toBe(cash);
    expect(await desk.openTasks()).toEqual(tasks);
    await desk.expectSound();
  });

  test("by an older word of the provider is stored once and not applied", async () => {
    const { desk, batchId, id, hear, events } = await submitted(1);
    const at = (minutes: number) => new Date(desk.now().getTime() + minutes * MINUTE);
    await hear(says(id, "SUCCESS", { occurredAt: at(10) }));
    await hear(says(id, "RETURNED", { occurredAt: at(5) }));
    await hear(says(id, "RETURNED", { occurredAt: at(5) }));
    expect(await desk.states(batchId)).toEqual(["paid"]);
    expect((await events(id)).slice(-2)).toEqual([
      { to_state: "paid", applied: true, provider_status: "SUCCESS" },
      { to_state: "returned", applied: false, provider_status: "RETURNED" },
    ]);
    await desk.expectSound();
  });

  test("of a submission whose answer was lost is applied as it is heard", async () => {
    const desk = await openDesk(opened, 1);
    await desk.earn({ member: 1, order: "a", minor: 2000n });
    const { batchId } = await desk.plan();
    await desk.approve(batchId);
    const attemptId = (await desk.claim(batchId, fakeRail()))?.attemptId ?? "";
    await desk.record(attemptId, lost());
    await desk.record(attemptId, accepted());
    const [payout] = await desk.payouts(batchId);
    await desk.inOrg((tx) => applyReports(tx, { attemptId, items: [says(payout?.id ?? "", "SUCCESS")] }, desk.now()));
    expect(await desk.states(batchId)).toEqual(["paid"]);
    expect(await desk.openTasks()).toEqual([]);
    await desk.expectSound();
  });

  test("is asked for soon, then hourly while something moves, daily while it can come back, then never again", async () => {
    const { desk, attemptId, id } = await submitted(1);
    const look = async (word: string) => {
      const items = [says(id, word)];
      const next = await desk.inOrg((tx) =>
        recordCheck(tx, { attemptId, outcome: found("PENDING", items) }, desk.now()),
      );
      return next && (next.getTime() - desk.now().getTime()) / 1000;
    };
    const waits = [];
    for (let n = 0; n < 7; n++) waits.push(await look("PENDING"));
    expect(waits).toEqual([2, 5, 15, 60, 300, 3600, 3600]);
    expect(await look("SUCCESS")).toBe(86_400);
    desk.pass(61 * DAY);
    expect(await look("SUCCESS")).toBeNull();
    expect(await desk.rows(sql`select closed_at is not null as closed from attempts where id = ${attemptId}`)).toEqual([
      { closed: true },
    ]);
  });

  test("that cannot be read for half an hour becomes a task, which the next good answer closes", async () => {
    const { desk, attemptId, id } = await submitted(1);
    const outcome = { kind: "not_found" as const, raw: "{}" };
    for (let n = 0; n < 6; n++) await desk.inOrg((tx) => recordCheck(tx, { attemptId, outcome }, desk.now()));
    expect(await desk.openTasks()).toEqual(["payout_unknown att"]);
    await desk.inOrg((tx) =>
      recordCheck(tx, { attemptId, outcome: found("SUCCESS", [says(id, "SUCCESS")]) }, desk.now()),
    );
    expect(await desk.openTasks()).toEqual([]);
  });

  test("that cannot be read once, however long it has been read before, is nobody's task; twice in a row it is", async () => {
    const { desk, attemptId, id, look } = await submitted(1);
    for (let n = 0; n < 9; n++) await look(found("PENDING", [says(id, "PENDING")]));
    await look({ kind: "unknown", reason: "no answer within 30 s" });
    expect(await desk.openTasks()).toEqual([]);
    await look(found("PENDING", [says(id, "PENDING")]));
    await look({ kind: "unknown", reason: "no answer within 30 s" });
    expect(await desk.openTasks()).toEqual([]);
    await look({ kind: "not_found", raw: "{}" });
    expect(await desk.openTasks()).toEqual(["payout_unknown att"]);
    expect(
      await desk.rows(
        sql`select summary like '%does not know batch PB-1' as names from tasks where subject_id = ${attemptId}`,
      ),
    ).toEqual([{ names: true }]);
  });

  test("refused as a whole by the provider fails what it does not list, gives the money back and finishes the batch", async () => {
    const { desk, batchId, attemptId, ids, look } = await submitted(3);
    const [first = "", second = ""] = ids;
    await look(found("DENIED", [says(first, "SUCCESS"), says(second, "ONHOLD")]));
    expect(await desk.states(batchId), "what it lists is as it says").toEqual(["paid", "submitted", "failed"]);
    expect(await desk.openTasks()).toEqual(["payout_failed pay"]);
    expect(await desk.balance(desk.affiliateId(3), "affiliate_payable")).toBe(-2000n);
    await look(found("DENIED", [says(first, "SUCCESS")]));
    expect(await desk.states(batchId)).toEqual(["paid", "failed", "failed"]);
    expect(await desk.batchState(batchId)).toBe("finished");
    expect((await desk.payouts(batchId))[2]?.reason).toBe("PayPal refused the whole batch: DENIED");
    await desk.expectSound();
    const [denied] = await desk.rows(sql`select closed_at from attempts where id = ${attemptId}`);
    expect(denied, "what was paid can still come back").toEqual({ closed_at: null });
  });

  test("that a finished answer of the provider does not mention becomes a task, which a whole answer closes", async () => {
    const { desk, batchId, ids, look } = await submitted(2);
    const [first = "", second = ""] = ids;
    await look(found("PROCESSING", [says(first, "PENDING")]));
    expect(await desk.openTasks()).toEqual([]);
    await look(found("SUCCESS", [says(first, "SUCCESS")]));
    expect(await desk.states(batchId)).toEqual(["paid", "submitted"]);
    expect(await desk.openTasks()).toEqual(["payout_unknown att"]);
    await look(found("SUCCESS", [says(first, "SUCCESS"), says(second, "SUCCESS")]));
    expect(await desk.openTasks()).toEqual([]);
    await desk.expectSound();
  });

  test("retried holds its batch until it is committed: another outcome cannot finish it meanwhile", async () => {
    const { desk, batchId, ids, hear } = await submitted(2);
    await hear(says(ids[0] ?? "", "FAILED"));
    expect(await desk.batchState(batchId)).toBe("approved");
    if (kind === "pglite") return;
    await desk.inOrg(async (tx) => {
      await retryPayouts(tx, { payoutIds: [ids[0] ?? ""], by: "Anna" }, desk.now());
      const free = sql`select id from payout_batches where id = ${batchId} for update skip locked`;
      expect(await desk.rows(free)).toEqual([]);
    });
  });

  test("failed is retried as a new payout with a key of its own, to where the money should go now", async () => {
    const { desk, batchId, id, hear, retry } = await submitted(1);
    await hear(says(id, "FAILED", { errorCode: "RECEIVER_ACCOUNT_LOCKED", errorMessage: "locked" }));
    await desk.inOrg((tx) =>
      setDestination(
        tx,
        { affiliateId: desk.affiliateId(1), rail: "paypal", receiver: "other@example.com" },
        desk.now(),
      ),
    );
    await expect(retry(id)).rejects.toThrow(
      /goes to a destination that was changed; nothing is sent there before \d+ \w+ \d{4}, \d\d:\d\d UTC/,
    );
    desk.pass(72 * 3_600_000);
    const { retried } = await retry(id);
    expect(await desk.payouts(batchId)).toMatchObject([
      { id, state: "failed", receiver: "affiliate-1@example.com", reason: "RECEIVER_ACCOUNT_LOCKED: locked" },
      { id: retried[0]?.retryId, state: "queued", receiver: "other@example.com", amount_minor: "2000", retry_of: id },
    ]);
    expect(await desk.batchState(batchId)).toBe("approved");
    expect(await desk.openTasks()).toEqual([]);
    await desk.expectSound();
    await expect(retry(id)).rejects.toThrow(`payout ${id} was retried already, as ${retried[0]?.retryId}`);
    const claim = await desk.claim(batchId, fakeRail());
    expect(claim?.submission.body).not.toContain(id);
    await desk.record(claim?.attemptId ?? "", accepted("PB-2"));
    const items = [says(retried[0]?.retryId ?? "", "SUCCESS")];
    await desk.inOrg((tx) => applyReports(tx, { attemptId: claim?.attemptId ?? "", items }, desk.now()));
    expect(await desk.balance("paypal", "cash")).toBe(-2000n);
    expect(await desk.batchState(batchId)).toBe("finished");
    await desk.expectSound();
  });

  test.each(["PENDING", "SUCCESS", "UNCLAIMED", "UNDER_REVIEW"])(
    "of %s cannot be retried: it is not proven unpaid",
    async (word) => {
      const { desk, id, hear, retry } = await submitted(1);
      await hear(says(id, word));
      await expect(retry(id)).rejects.toThrow(/only a payout that is proven failed or returned can be retried/);
      await desk.expectSound();
    },
  );

  test("failed is not retried over what the next batch has collected already, nor over more than the account holds", async () => {
    const { desk, ids, hear, retry } = await submitted(2);
    const [first = "", second = ""] = ids;
    await hear(says(first, "FAILED"), says(second, "FAILED"));
    desk.pass(MINUTE);
    await desk.earn({ member: 2, order: "o2", minor: 2000n, status: "reversed" });
    await expect(retry(second)).rejects.toThrow(/20.00 EUR would be sent, but the account stands at 0.00 EUR/);
    expect(await desk.plan()).toMatchObject({ payouts: 1 });
    await expect(retry(first, second)).rejects.toThrow(/has nothing left to pay|but the account stands/);
    await desk.expectSound();
  });

  test("retried twice at once makes one new payout", async () => {
    const { desk, batchId, id, hear, retry } = await submitted(1);
    await hear(says(id, "FAILED"));
    const results = await Promise.allSettled([retry(id), retry(id)]);
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
    expect(await desk.payouts(batchId)).toHaveLength(2);
    await desk.expectSound();
  });

  test("before a reversal leaves the account negative; the next payouts net it and none is negative", async () => {
    const { desk, id, hear } = await submitted(1);
    await hear(says(id, "SUCCESS"));
    desk.pass(MINUTE);
    await desk.earn({ member: 1, order: "o1", minor: 2000n, status: "reversed" });
    expect(await desk.balance(desk.affiliateId(1), "affiliate_payable")).toBe(2000n);
    const empty = await desk.plan();
    expect(empty.payouts).toBe(0);
    expect((await desk.findings(empty.batchId)).map((f) => f.finding)).toEqual([
      "-20.00 EUR is due: more was taken back than earned, and later earnings make that up first.",
    ]);
    await desk.earn({ member: 1, order: "new", minor: 3500n });
    const next = await desk.plan();
    expect(next).toMatchObject({ payouts: 1, total: { minor: 1500n } });
    await desk.approve(next.batchId);
    expect(await desk.balance(desk.affiliateId(1), "affiliate_payable")).toBe(0n);
    await desk.expectSound();
  });

  test("of everything else about a payout is told as activity of its batch and its affiliate", async () => {
    const { desk, batchId, id, hear } = await submitted(1);
    await hear(says(id, "SUCCESS"));
    const told = await desk.rows<{ kind: string; affiliate_id: string | null }>(
      sql`select kind, affiliate_id from activity where batch_id = ${batchId} order by seq`,
    );
    expect(told.map(({ kind, affiliate_id }) => `${kind} ${affiliate_id === desk.affiliateId(1)}`)).toEqual([
      "batch.planned false",
      "batch.approved false",
      "payout.submitted true",
      "payout.paid true",
      "batch.finished false",
    ]);
  });
});

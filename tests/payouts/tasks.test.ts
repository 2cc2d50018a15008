import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/server/access";
import { applyReports, checkAttempt, closeTask, recordCheck, resolveUnknown, takeSubmission } from "@/server/payouts";
import { actionsOf } from "@/server/payouts/rules/task-actions";
import { tasksRouter } from "@/server/payouts/tasks-router";
import type { LookUpOutcome } from "@/server/rails";
import { createCallerFactory, router } from "@/server/trpc/init";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { openDesk } from "./desk";
import { accepted, fakeRail, found, lost, rejected, says } from "./fake-rail";

const DAY = 86_400_000;
const MINUTE = 60_000;

describe.each(["pglite", "postgres"] as const)("a task on %s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened.close());

  /** An attempt of which nobody knows whether it was accepted, and whose window is over. */
  async function unknown(affiliates: number) {
    const desk = await openDesk(opened, affiliates);
    for (let member = 1; member <= affiliates; member++) await desk.earn({ member, order: `o${member}`, minor: 2000n });
    const { batchId } = await desk.plan();
    await desk.approve(batchId);
    const attemptId = (await desk.claim(batchId, fakeRail()))?.attemptId ?? "";
    await desk.record(attemptId, lost());
    desk.pass(30 * DAY);
    const orgId = desk.org.orgId;
    await checkAttempt({ database: desk.database, rails: [fakeRail()], clock: desk.now }, { orgId, attemptId });
    const resolve = (what: string | null) =>
      desk.inOrg((tx) =>
        resolveUnknown(
          tx,
          {
            attemptId,
            by: "Anna",
            note: "seen in the account",
            found: what === null ? { kind: "not_accepted" } : { kind: "accepted", providerBatchId: what },
          },
          desk.now(),
        ),
      );
    const close = (taskId: string) =>
      desk.inOrg((tx) => closeTask(tx, { taskId, by: "Anna", note: "looked it up" }, desk.now()));
    const tasks = () =>
      desk.rows<{ id: string; kind: string; closed_because: string | null }>(
        sql`select id, kind, closed_because from tasks order by created_at, id`,
      );
    return { desk, batchId, attemptId, resolve, close, tasks };
  }

  test("about an unknown outcome ends when a person found it accepted: looked at, paid, nothing sent again", async () => {
    const { desk, batchId, attemptId, resolve, tasks } = await unknown(2);
    expect(await desk.openTasks()).toEqual(["payout_unknown att"]);
    expect(await resolve("PB-7")).toEqual({ payouts: 2 });
    expect(await desk.states(batchId)).toEqual(["submitted", "submitted"]);
    const reason = "Anna found it at PayPal as PB-7: seen in the account";
    expect((await desk.payouts(batchId)).map((payout) => payout.reason)).toEqual([reason, reason]);
    expect((await tasks()).map((task) => task.closed_because)).toEqual([reason]);
    desk.pass(MINUTE);
    const ids = (await desk.payouts(batchId)).map(({ id }) => id);
    const rail = Object.assign(fakeRail(), {
      lookUp: async (): Promise<LookUpOutcome> =>
        found(
          "SUCCESS",
          ids.map((id) => says(id, "SUCCESS")),
        ),
    });
    const orgId = desk.org.orgId;
    await checkAttempt({ database: desk.database, rails: [rail], clock: desk.now }, { orgId, attemptId });
    expect(rail.sent).toEqual([]);
    expect(await desk.states(batchId)).toEqual(["paid", "paid"]);
    expect(await desk.batchState(batchId)).toBe("finished");
    await desk.expectSound();
  });

  test("about an unknown outcome ends when a person found it not accepted: failed, the money payable again, and retried as new", async () => {
    const { desk, batchId, attemptId, resolve, tasks } = await unknown(2);
    expect(await resolve(null)).toEqual({ payouts: 2 });
    expect(await desk.states(batchId)).toEqual(["failed", "failed"]);
    expect(await desk.balance(desk.affiliateId(1), "affiliate_payable")).toBe(-2000n);
    expect(await desk.batchState(batchId)).toBe("finished");
    const events = await desk.rows<{ reason: string }>(
      sql`select distinct reason from payout_events where attempt_id = ${attemptId} and to_state = 'failed'`,
    );
    const reason = "Anna found that PayPal did not accept it: seen in the account";
    expect(events).toEqual([{ reason }]);
    expect((await tasks())[0]?.closed_because).toBe(reason);
    expect(await desk.openTasks()).toEqual(["payout_failed pay", "payout_failed pay"]);
    await desk.expectSound();
    await desk.record(attemptId, accepted("PB-9"));
    expect(await desk.openTasks(), "the rail knows better").toContain("payout_accepted_twice att");
  });

  test("about an unknown outcome is resolved once, and not while the bytes are under way", async () => {
    const { desk, attemptId, resolve } = await unknown(1);
    await desk.rows(
      sql`update attempts set first_sent_at = null, next_check_at = now() where id = ${attemptId} returning id`,
    );
    await desk.inOrg((tx) => takeSubmission(tx, { attemptId, rails: [fakeRail()] }, desk.now()));
    await expect(resolve(null)).rejects.toThrow(/is being sent again just now; look once more in five minutes/);
    desk.pass(5 * MINUTE);
    const outcomes = await Promise.allSettled([resolve(null), resolve("PB-1")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(resolve("PB-2")).rejects.toThrow(/only one of unknown outcome can be resolved by hand/);
    await desk.expectSound();
  });

  test("about an unknown outcome is not resolved by a batch id that another attempt has", async () => {
    const { desk, resolve } = await unknown(1);
    await desk.earn({ member: 1, order: "later", minor: 2000n });
    const { attemptId: other } = await desk.payOut();
    await expect(resolve("PB-1")).rejects.toThrow(`batch PB-1 is attempt ${other}`);
    expect(await desk.openTasks()).toEqual(["payout_unknown att"]);
  });

  test("is closed by a person once, with who and how; but not while its outcome is unknown", async () => {
    const { desk, batchId, resolve, close, tasks } = await unknown(1);
    const [open] = await tasks();
    await expect(close(open?.id ?? "")).rejects.toThrow(/is about an unknown outcome; say what became of it instead/);
    await resolve(null);
    const failed = (await tasks()).at(-1)?.id ?? "";
    await close(failed);
    expect((await tasks()).at(-1)).toMatchObject({
      kind: "payout_failed",
      closed_because: "closed by Anna: looked it up",
    });
    await expect(close(failed)).rejects.toThrow(`task ${failed} is closed already: closed by Anna: looked it up`);
    await expect(close("tsk_none")).rejects.toThrow("there is no task tsk_none");
    expect(await desk.states(batchId)).toEqual(["failed"]);
    await desk.expectSound();
  });

  test("about what the rail says of one payout waits for the rail", async () => {
    const desk = await openDesk(opened, 1);
    await desk.earn({ member: 1, order: "a", minor: 2000n });
    const { attemptId, payouts } = await desk.payOut();
    const items = [says(payouts[0]?.id ?? "", "UNDER_REVIEW")];
    await desk.inOrg((tx) => applyReports(tx, { attemptId, items }, desk.now()));
    const [task] = await desk.rows<{ id: string }>(sql`select id from tasks where closed_at is null`);
    const closing = desk.inOrg((tx) => closeTask(tx, { taskId: task?.id ?? "", by: "Anna", note: "" }, desk.now()));
    await expect(closing).rejects.toThrow(/it closes when the rail says/);
  });
});

test.each<[kind: string, attempt: "accepted" | "unknown" | null, payout: "unknown" | "failed" | null, actions: string]>(
  [
    ["payout_unknown", "unknown", null, "resolve"],
    ["payout_unknown", "accepted", null, "close"],
    ["payout_unknown", null, "unknown", ""],
    ["payout_unknown", null, "failed", "close"],
    ["payout_accepted_twice", "accepted", null, "close"],
    ["payout_accepted_twice", "unknown", null, "close"],
    ["payout_failed", null, "failed", "close"],
  ],
)("a task %s of an attempt %s, a payout %s: a person may %s", (kind, attemptState, payoutState, actions) => {
  expect(actionsOf({ kind, attemptState, payoutState }).join()).toBe(actions);
});

describe("the tasks of an organization, asked for", () => {
  const createCaller = createCallerFactory(router({ tasks: tasksRouter }));
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase("pglite");
  });
  afterAll(() => opened.close());

  async function asked() {
    const desk = await openDesk(opened, 3);
    for (let member = 1; member <= 3; member++) await desk.earn({ member, order: `o${member}`, minor: 2000n });
    const { batchId } = await desk.plan();
    await desk.approve(batchId);
    const lostOne = (await desk.claim(batchId, fakeRail(), 1))?.attemptId ?? "";
    await desk.record(lostOne, lost());
    desk.pass(MINUTE);
    const refused = (await desk.claim(batchId, fakeRail(), 2))?.attemptId ?? "";
    await desk.record(refused, rejected());
    const rail = fakeRail();
    const sent: unknown[] = [];
    const as = (actor: Actor) =>
      createCaller({
        actor,
        database: desk.database,
        clock: desk.now,
        rails: [rail],
        send: async (event) => {
          sent.push(event.data);
        },
      }).tasks;
    const { orgId } = desk.org;
    const anna = as({ side: "operator", role: "owner", userId: "usr_1", name: "Anna", orgId });
    return { desk, batchId, lostOne, rail, sent, as, anna };
  }

  test("are listed newest first with what they are about, page by page, and counted", async () => {
    const { desk, batchId, lostOne, anna } = await asked();
    const first = await anna.list({ limit: 2 });
    const rest = await anna.list({ limit: 2, cursor: first.nextCursor });
    expect(await anna.count()).toBe(3);
    expect([...first.rows, ...rest.rows]).toMatchObject([
      { kind: "payout_failed", batchId, actions: ["close"], attempt: null, payout: { amount: { minor: 2000n } } },
      { kind: "payout_failed", batchId, actions: ["close"], payout: { state: "failed" } },
      {
        kind: "payout_unknown",
        batchId,
        rail: "paypal",
        payout: null,
        actions: ["resolve"],
        attempt: { id: lostOne, state: "unknown", payouts: 1, total: { minor: 2000n, currency: "EUR" } },
        evidence: { reason: "no answer within 30 s" },
      },
    ]);
    expect(rest.nextCursor).toBeUndefined();
    await anna.close({ taskId: first.rows[0]?.id ?? "", note: "paid by hand" });
    expect(await anna.count()).toBe(2);
    await desk.expectSound();
  });

  test("are resolved under the operator's name, and only by an id that the rail does not contradict", async () => {
    const { desk, lostOne, rail, sent, anna } = await asked();
    const [payout] = await desk.rows<{ id: string }>(sql`select id from payouts where attempt_id = ${lostOne}`);
    const answers: LookUpOutcome[] = [
      { kind: "not_found", raw: "{}" },
      found("SUCCESS", [says("pay_ofsomebodyelse", "SUCCESS")]),
      found("SUCCESS", [says(payout?.id ?? "", "SUCCESS")]),
    ];
    rail.lookUp = async () => answers.shift() ?? { kind: "unknown", reason: "asked too often" };
    const resolve = () =>
      anna.resolveUnknown({
        attemptId: lostOne,
        found: { kind: "accepted", providerBatchId: " PB-3 " },
        note: "in the account's history",
      });
    await expect(resolve()).rejects.toThrow("PayPal does not know batch PB-3");
    await expect(resolve()).rejects.toThrow("batch PB-3 at PayPal holds none of these payouts");
    expect(sent).toEqual([]);
    expect(await resolve()).toEqual({ payouts: 1 });
    expect(sent).toEqual([{ orgId: desk.org.orgId }]);
    expect(await desk.rows(sql`select reason from payouts where attempt_id = ${lostOne}`)).toEqual([
      { reason: "Anna found it at PayPal as PB-3: in the account's history" },
    ]);
    await desk.inOrg((tx) =>
      recordCheck(
        tx,
        { attemptId: lostOne, outcome: found("SUCCESS", [says(payout?.id ?? "", "SUCCESS")]) },
        desk.now(),
      ),
    );
    await desk.expectSound();
  });

  test("are nobody's but the operators' of the organization", async () => {
    const { desk, lostOne, as } = await asked();
    const stranger = await openDesk(opened, 1);
    const other = as({ side: "operator", role: "owner", userId: "usr_9", name: "Eve", orgId: stranger.org.orgId });
    expect(await other.count()).toBe(0);
    expect((await other.list({})).rows).toEqual([]);
    const found = { kind: "not_accepted" } as const;
    await expect(other.resolveUnknown({ attemptId: lostOne, found, note: "mine now" })).rejects.toThrow(
      /there is no attempt/,
    );
    const affiliateId = desk.affiliateId(1);
    const member = as({ side: "affiliate", userId: "usr_2", name: "Ben", orgId: desk.org.orgId, affiliateId });
    await expect(member.list({})).rejects.toThrow("this is not for affiliates");
    await expect(member.resolveUnknown({ attemptId: lostOne, found, note: "pay me" })).rejects.toThrow(
      "this is not for affiliates",
    );
  });
});

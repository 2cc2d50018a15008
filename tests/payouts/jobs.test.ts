import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { batchApproved } from "@/server/inngest/events";
import { claimPayouts, submitAttempt } from "@/server/payouts";
import { payoutJobs } from "@/server/payouts/jobs";
import { createPayPal, type Rail } from "@/server/rails";
import type { FaultPlan } from "@/simulator/paypal/faults";
import { type PayPal, startPayPal } from "@/simulator/paypal/start-paypal";
import { engineBench } from "@/tests/engine/driver";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { openDesk } from "./desk";

const credentials = { clientId: "client", clientSecret: "secret" };

describe.each(["pglite", "postgres"] as const)("the jobs on %s, with a PayPal that keeps its own books,", (kind) => {
  let opened: TestDatabase;
  let paypal: PayPal;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened.close());
  afterEach(() => paypal.close());

  async function approved(affiliates: number, faults: FaultPlan = {}) {
    paypal = await startPayPal({ ...credentials, latencyMs: 0, settleMs: 3_600_000, faults });
    const desk = await openDesk(opened, affiliates);
    for (let member = 1; member <= affiliates; member++) await desk.earn({ member, order: `o${member}`, minor: 2000n });
    const { batchId } = await desk.plan();
    await desk.approve(batchId);
    // Two payouts per submission: several chunks of a small batch.
    const rail: Rail = { ...createPayPal({ baseUrl: paypal.url, ...credentials, timeoutMs: 2000 }), maxItems: 2 };
    const bench = engineBench(desk.database, { clock: { now: desk.now, forward: desk.pass } });
    await bench.attach(payoutJobs({ inngest: bench.client, database: desk.database, clock: desk.now, rails: [rail] }));
    const orgId = desk.org.orgId;
    return {
      desk,
      batchId,
      rail,
      orgId,
      begin: async () => {
        await bench.client.send(batchApproved.create({ orgId, batchId }));
        await bench.engine.drain();
      },
      /** Lets the engine's clock run. */
      async wait(seconds: number, stepSeconds = 10) {
        for (let passed = 0; passed < seconds; passed += stepSeconds) {
          desk.pass(stepSeconds * 1000);
          await bench.engine.drain();
        }
      },
    };
  }

  /** What the provider's own books say of each payout: never accepted twice, never under two bodies. */
  function expectPaidOnce(payouts: number) {
    const books = paypal.books();
    expect(books.violations).toEqual([]);
    expect(Object.values(books.items).map(({ accepted, paid }) => [accepted, paid])).toEqual(
      Array(payouts).fill([1, 1]),
    );
  }

  test("carry an approved batch to paid and finished, chunk by chunk", async () => {
    const { desk, batchId, begin, wait } = await approved(5);
    await begin();
    expect(await desk.states(batchId)).toEqual(Array(5).fill("submitted"));
    paypal.settle();
    await wait(60, 20);
    expect(await desk.states(batchId)).toEqual(Array(5).fill("paid"));
    expect(await desk.batchState(batchId)).toBe("finished");
    expectPaidOnce(5);
    expect(await desk.balance("paypal", "cash")).toBe(-10_000n);
    expect(await desk.balance("paypal", "fees", "USD")).toBe(125n);
    await desk.expectSound();
  });

  // The engine's clock is slow to run on PGlite, and these are about the jobs, not the database.
  if (kind === "pglite") return;

  test("find a batch whose event was lost", async () => {
    const { desk, batchId, wait } = await approved(1);
    await wait(240, 60);
    paypal.settle();
    await wait(600, 300);
    expect(await desk.states(batchId)).toEqual(["paid"]);
    expectPaidOnce(1);
  });

  test("resolve every lost answer without paying twice", async () => {
    const { desk, batchId, begin, wait } = await approved(8, {
      queue: [
        { kind: "timeout-after", hang: "destroy" },
        { kind: "timeout-before", hang: "destroy" },
        { kind: "500-after" },
        { kind: "malformed" },
        { kind: "429", retryAfterSec: 5 },
        { kind: "500-before" },
      ],
    });
    await begin();
    expect(await desk.openTasks()).not.toEqual([]);
    await wait(400, 50);
    for (let hour = 0; hour < 3; hour++) {
      paypal.settle();
      await wait(3600, 3600);
    }
    expect(await desk.states(batchId)).toEqual(Array(8).fill("paid"));
    expect(await desk.openTasks()).toEqual([]);
    expectPaidOnce(8);
    await desk.expectSound();
  });

  test("pay a part while the money lasts and the rest when there is more, without a loop", async () => {
    const { desk, batchId, rail, begin, wait } = await approved(4);
    let sends = 0;
    const submit = rail.submit.bind(rail);
    Object.assign(rail, {
      submit: (submission: Parameters<Rail["submit"]>[0]) => {
        if (++sends === 2) paypal.faults.set({ queue: [{ kind: "insufficient-funds", times: 5 }] });
        return submit(submission);
      },
    });
    await begin();
    expect((await desk.states(batchId)).sort()).toEqual(["submitted", "submitted", "submitting", "submitting"]);
    await wait(300, 60);
    expect(sends, "five refusals in five minutes").toBeLessThan(8);
    await wait(8000, 1000);
    expect(await desk.states(batchId)).toEqual(Array(4).fill("submitted"));
    paypal.settle();
    await wait(7200, 1800);
    expectPaidOnce(4);
    await desk.expectSound();
  });

  test("hear of what failed, was never claimed, came back, and came back days after it was paid", async () => {
    const { desk, batchId, begin, wait } = await approved(4, {
      queue: [
        { kind: "failed" },
        { kind: "returned" },
        { kind: "unclaimed" },
        { kind: "delayed-failure", becomes: "REVERSED" },
      ],
    });
    await begin();
    paypal.settle();
    await wait(60, 20);
    expect((await desk.states(batchId)).sort()).toEqual(["failed", "paid", "unclaimed", "unclaimed"]);
    expect(await desk.batchState(batchId)).toBe("finished");
    paypal.settle(true);
    await wait(90_000, 30_000);
    expect((await desk.states(batchId)).sort()).toEqual(["failed", "returned", "returned", "returned"]);
    expect(await desk.balance("paypal", "cash")).toBe(0n);
    expect(await desk.openTasks()).toHaveLength(4);
    await desk.expectSound();
  });

  test("may run three times at once, and again after success", async () => {
    const { desk, batchId, rail, orgId } = await approved(6);
    const work = { database: desk.database, rails: [rail], clock: desk.now };
    async function run() {
      for (;;) {
        const claim = await desk.inOrg((tx) => claimPayouts(tx, { batchId, rail, limit: 2 }, desk.now()));
        if (!claim) return;
        await submitAttempt(work, { orgId, attemptId: claim.attemptId });
      }
    }
    await Promise.all([run(), run(), run()]);
    await run();
    paypal.settle();
    expect(await desk.states(batchId)).toEqual(Array(6).fill("submitted"));
    expectPaidOnce(6);
    await desk.expectSound();
  });
});

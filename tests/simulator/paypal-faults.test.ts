import { expect, test } from "vitest";
import type { FaultPlan } from "@/simulator/paypal/faults";
import { batchIdOf, batchOf, call, openPayPal, request, submit } from "./paypal-client";

const queue = (...faults: NonNullable<FaultPlan["queue"]>): FaultPlan => ({ queue: faults });

test.each([
  ["timeout-before", 0],
  ["timeout-after", 1],
] as const)("%s gives no answer and accepts %i batches; the repeat learns the truth", async (kind, accepted) => {
  const paypal = await openPayPal({ faults: queue({ kind, hang: "destroy" }) });
  await expect(submit(paypal, batchOf("b1"))).rejects.toThrow("fetch failed");
  expect(paypal.books().batches.b1).toMatchObject({ requests: 1, accepted });
  const again = await submit(paypal, batchOf("b1"));
  expect(again.status).toBe(accepted === 0 ? 201 : 400);
  expect(paypal.books().items["b1-0"]?.accepted).toBe(1);
  expect(paypal.books().faults).toEqual({ [`${kind}@submit`]: 1 });
});

test("a scripted queue is met in its order, whenever each fault strikes", async () => {
  const paypal = await openPayPal({
    faults: queue({ kind: "500-after" }, { kind: "429" }, { kind: "unclaimed" }, { kind: "500-before" }),
  });
  const statuses = [];
  for (const key of ["b1", "b2", "b3", "b4"]) statuses.push((await submit(paypal, batchOf(key))).status);
  expect(statuses).toEqual([500, 429, 500, 201]);
  paypal.settle();
  const { items } = paypal.books();
  expect([items["b1-0"]?.statuses, items["b4-0"]?.statuses]).toEqual([["UNCLAIMED"], ["SUCCESS"]]);
});

test("a held connection stays silent until the caller gives up", async () => {
  const paypal = await openPayPal({ faults: queue({ kind: "timeout-after" }) });
  const silent = call(paypal, "/v1/payments/payouts", {
    method: "POST",
    body: JSON.stringify(batchOf("b1")),
    signal: AbortSignal.timeout(300),
  });
  await expect(silent).rejects.toThrow("timeout");
  expect(paypal.books().items["b1-0"]?.accepted).toBe(1);
});

test.each([
  ["500-before", 0],
  ["500-after", 1],
] as const)("%s answers 500 with %i batches accepted", async (kind, accepted) => {
  const paypal = await openPayPal({ faults: queue({ kind }) });
  const answer = await submit(paypal, batchOf("b1"));
  expect([answer.status, answer.body.name]).toEqual([500, "INTERNAL_ERROR"]);
  expect(paypal.books().batches.b1).toMatchObject({ accepted });
});

test("429 names the pause and accepts nothing, as often as it was asked for", async () => {
  const paypal = await openPayPal({ faults: queue({ kind: "429", retryAfterSec: 7, times: 2 }) });
  for (const _ of [1, 2]) {
    const answer = await submit(paypal, batchOf("b1"));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"]);
  }
  expect((await submit(paypal, batchOf("b1"))).status).toBe(201);
  expect(paypal.books().faults).toEqual({ "429@submit": 2 });
});

test("insufficient funds accept nothing, by script or because the balance is too small", async () => {
  const paypal = await openPayPal({ faults: queue({ kind: "insufficient-funds" }), balances: { EUR: "25.00" } });
  const statuses = [];
  for (const key of ["b1", "b1", "b2", "b3"]) statuses.push((await submit(paypal, batchOf(key))).status);
  expect(statuses).toEqual([422, 201, 201, 422]);
  await request(`${paypal.url}/control/balances`, { method: "POST", body: JSON.stringify({ EUR: "30.00" }) });
  expect((await submit(paypal, batchOf("b3"))).status).toBe(201);
  expect(paypal.books().totals.EUR?.accepted).toBe("30.00");
});

test("an answer cut in the middle is not JSON, though the batch is accepted", async () => {
  const paypal = await openPayPal({ faults: queue({ kind: "malformed" }, { kind: "malformed", on: "lookup" }) });
  const created = await submit(paypal, batchOf("b1"));
  expect([created.status, created.body]).toEqual([201, undefined]);
  const [id] = paypal.books().batches.b1?.payoutBatchIds ?? [];
  expect((await call(paypal, `/v1/payments/payouts/${id}`)).body).toBeUndefined();
  expect((await call(paypal, `/v1/payments/payouts/${id}`)).body.items).toHaveLength(1);
});

test("a denied batch pays nobody", async () => {
  const paypal = await openPayPal({ faults: queue({ kind: "denied" }) });
  const id = batchIdOf(await submit(paypal, batchOf("b1", ["a@example.com", "b@example.com"])));
  paypal.settle();
  const { body } = await call(paypal, `/v1/payments/payouts/${id}`);
  expect(body.batch_header.batch_status).toBe("DENIED");
  expect(body.items.map((item: { transaction_status: string }) => item.transaction_status)).toEqual([
    "FAILED",
    "FAILED",
  ]);
  expect(paypal.books().totals.EUR).toMatchObject({ paid: "0.00", back: "20.00" });
});

test.each([
  ["a@example.com", ["SUCCESS"], null],
  ["fail+a@example.com", ["FAILED"], "RECEIVER_ACCOUNT_LOCKED"],
  ["blocked+a@example.com", ["BLOCKED"], "RISK_DECLINE"],
  ["unclaimed+a@example.com", ["UNCLAIMED", "RETURNED"], "RECEIVER_UNREGISTERED"],
  ["claimed+a@example.com", ["UNCLAIMED", "SUCCESS"], "RECEIVER_UNREGISTERED"],
  ["returned+a@example.com", ["UNCLAIMED", "RETURNED"], "RECEIVER_UNREGISTERED"],
  ["onhold+a@example.com", ["ONHOLD", "SUCCESS"], "PENDING_REVIEW"],
  ["reversed+a@example.com", ["SUCCESS", "REVERSED"], null],
  ["refunded+a@example.com", ["SUCCESS", "REFUNDED"], null],
  ["latefail+a@example.com", ["SUCCESS", "FAILED"], null],
])("%s goes through %j", async (receiver, statuses, error) => {
  const paypal = await openPayPal();
  const id = batchIdOf(await submit(paypal, batchOf("b1", [receiver])));
  const seen = [];
  for (const late of statuses.map((_, index) => index > 0)) {
    paypal.settle(late);
    const [item] = (await call(paypal, `/v1/payments/payouts/${id}`)).body.items;
    seen.push(item.transaction_status);
    if (!late) expect(item.errors?.name ?? null).toBe(error);
  }
  expect(seen).toEqual(statuses);
});

test("a delayed failure comes five days after success, by the clock", async () => {
  const paypal = await openPayPal({ faults: queue({ kind: "delayed-failure", becomes: "FAILED" }) });
  paypal.setClock(new Date("2026-03-01T00:00:00Z"));
  await submit(paypal, batchOf("b1", ["a@example.com", "b@example.com"]));
  const at = (time: string) => {
    paypal.setClock(new Date(time));
    const { items } = paypal.books();
    return [items["b1-0"]?.statuses[0], items["b1-1"]?.statuses[0]];
  };
  expect(at("2026-03-05T23:00:00Z")).toEqual(["SUCCESS", "SUCCESS"]);
  expect(at("2026-03-06T00:00:01Z")).toEqual(["FAILED", "SUCCESS"]);
  expect(paypal.books().items["b1-0"]).toMatchObject({ accepted: 1, paid: 1, back: 1 });
  expect(paypal.books().faults).toEqual({ "delayed-failure@payout": 1 });
});

test("unclaimed money goes back on day 30", async () => {
  const paypal = await openPayPal({ faults: queue({ kind: "unclaimed" }) });
  paypal.setClock(new Date("2026-03-01T00:00:00Z"));
  await submit(paypal, batchOf("b1"));
  paypal.setClock(new Date("2026-03-30T23:59:59Z"));
  expect(paypal.books().items["b1-0"]?.statuses).toEqual(["UNCLAIMED"]);
  paypal.setClock(new Date("2026-03-31T00:00:01Z"));
  expect(paypal.books().items["b1-0"]).toMatchObject({ statuses: ["RETURNED"], paid: 0, back: 1 });
});

test("a page that is missing, cut short or holds an unlisted word is right again when asked once more", async () => {
  const paypal = await openPayPal({
    faults: queue({ kind: "missing-page" }, { kind: "partial-page" }, { kind: "unknown-status" }),
  });
  const receivers = Array.from({ length: 8 }, (_, index) => `a${index}@example.com`);
  const id = batchIdOf(await submit(paypal, batchOf("b1", receivers)));
  paypal.settle();
  const page = async (number: number) =>
    (await call(paypal, `/v1/payments/payouts/${id}?page_size=4&page=${number}`)).body.items;
  expect(await page(2)).toHaveLength(0);
  expect(await page(2)).toHaveLength(2);
  expect((await page(1))[0].transaction_status).toBe("UNDER_REVIEW");
  expect([await page(1), await page(2)].flat().map((item) => item.transaction_status)).toEqual(
    Array(8).fill("SUCCESS"),
  );
  expect(paypal.books().faults).toEqual({
    "missing-page@lookup": 1,
    "partial-page@lookup": 1,
    "unknown-status@lookup": 1,
  });
});

test("shares hit the same submissions for the same seed, whatever the order", async () => {
  const keys = Array.from({ length: 40 }, (_, index) => `b${index}`);
  const accepted = async (seed: number, order: string[]) => {
    const paypal = await openPayPal({ seed, faults: { shares: [{ kind: "500-before", share: 0.4 }] } });
    for (const key of order) await submit(paypal, batchOf(key));
    return keys.filter((key) => paypal.books().batches[key]?.accepted === 1);
  };
  const once = await accepted(7, keys);
  expect(await accepted(7, keys.toReversed())).toEqual(once);
  expect(await accepted(8, keys)).not.toEqual(once);
  expect(once.length).toBeGreaterThan(10);
  expect(once.length).toBeLessThan(38);
});

test("faults, clock, settling and books are reached over HTTP, and a wrong plan is refused in words", async () => {
  const paypal = await openPayPal();
  const control = (path: string, body?: unknown) =>
    request(`${paypal.url}/control/${path}`, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
  expect((await control("faults", { queue: [{ kind: "500-before" }] })).body).toMatchObject({
    queue: [{ kind: "500-before" }],
    hits: {},
  });
  expect((await submit(paypal, batchOf("b1"))).status).toBe(500);
  expect((await control("faults")).body.hits).toEqual({ "500-before@submit": 1 });
  expect((await control("clock", { at: "2026-01-02T03:04:05Z" })).body.now).toBe("2026-01-02T03:04:05.000Z");
  await submit(paypal, batchOf("b1"));
  await control("settle", {});
  expect((await control("books")).body.items["b1-0"]).toMatchObject({ paid: 1, paidAmount: "10.00" });
  expect(Date.parse((await control("clock", { at: null })).body.now)).toBeGreaterThan(Date.parse("2026-06-01"));
  const wrong = await control("faults", { queue: [{ kind: "gremlin" }] });
  expect(wrong.status).toBe(400);
  expect(wrong.body.error).toContain("queue[0].kind");
});

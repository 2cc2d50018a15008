import { afterEach, beforeEach, expect, test } from "vitest";
import { createPayPal, type Rail, type RailItem } from "@/server/rails";
import { type PayPal, startPayPal } from "@/simulator/paypal/start-paypal";

const access = { clientId: "client", clientSecret: "very-secret" };
const day = 24 * 3600 * 1000;

let provider: PayPal;
let rail: Rail;

beforeEach(async () => {
  provider = await startPayPal({ ...access, latencyMs: 0, balances: { USD: "100.00" } });
  rail = createPayPal({ ...access, baseUrl: provider.url, timeoutMs: 300 });
});
afterEach(() => provider.close());

test("a batch is accepted, seen on its way and paid, each payout under its own id", async () => {
  const batchId = await accepted("bat_1", items(3));
  expect(await rail.lookUp(batchId)).toMatchObject({
    kind: "found",
    batchStatus: "PENDING",
    isFinal: false,
    items: Array(3).fill({ status: "submitted" }),
  });
  provider.settle();
  const found = await rail.lookUp(batchId);
  expect(found).toMatchObject({ kind: "found", batchStatus: "SUCCESS" });
  expect(found.kind === "found" && found.items).toEqual(
    items(3).map(({ payoutId }) => ({
      payoutId,
      providerItemId: expect.stringMatching(/^\w+$/),
      status: "paid",
      rawStatus: "SUCCESS",
      fee: { minor: 25n, currency: "USD" },
      errorCode: null,
      errorMessage: null,
      occurredAt: expect.any(Date),
    })),
  );
});

test("the same submission again is not paid again: it leads to the original batch", async () => {
  const submission = rail.freeze("bat_1", items(2));
  const first = await rail.submit(submission);
  const withoutRequestIds = await startPayPal({ ...access, latencyMs: 0, requestIds: "ignored" });
  try {
    const other = createPayPal({ ...access, baseUrl: withoutRequestIds.url });
    const original = await other.submit(submission);
    expect(original.kind).toBe("accepted");
    const repeat = await other.submit(submission);
    expect(repeat).toEqual({ ...original, raw: expect.stringContaining("already exists") });
    expect(batchesOf(withoutRequestIds)).toBe(1);
  } finally {
    await withoutRequestIds.close();
  }
  expect(await rail.submit(submission)).toMatchObject({ kind: "accepted", providerBatchId: idOf(first) });
  expect(batchesOf(provider)).toBe(1);
});

test.each(["timeout-after", "500-after", "malformed"] as const)(
  "%s: unknown, and the identical bytes again find the batch that was accepted",
  async (kind) => {
    provider.faults.set({ queue: [{ kind }] });
    const submission = rail.freeze("bat_1", items(2));
    expect(await rail.submit(submission)).toMatchObject({ kind: "unknown" });
    expect(batchesOf(provider)).toBe(1);
    const again = await rail.submit(submission);
    expect(again.kind).toBe("accepted");
    expect(await rail.lookUp(idOf(again))).toMatchObject({
      kind: "found",
      items: [{ payoutId: "pay_0" }, { payoutId: "pay_1" }],
    });
    expect(batchesOf(provider)).toBe(1);
  },
);

test.each([{ kind: "timeout-before" }, { kind: "timeout-before", hang: "destroy" }, { kind: "500-before" }] as const)(
  "%j: unknown although nothing was accepted, and the identical bytes again are accepted once",
  async (fault) => {
    provider.faults.set({ queue: [fault] });
    const submission = rail.freeze("bat_1", items(1));
    expect(await rail.submit(submission)).toMatchObject({ kind: "unknown" });
    expect(batchesOf(provider)).toBe(0);
    expect(await rail.submit(submission)).toMatchObject({ kind: "accepted" });
    expect(batchesOf(provider)).toBe(1);
  },
);

test("over the rate limit is rejected for now, with the time to wait", async () => {
  provider.faults.set({ queue: [{ kind: "429", retryAfterSec: 17 }] });
  expect(await rail.submit(rail.freeze("bat_1", items(1)))).toMatchObject({
    kind: "rejected",
    code: "RATE_LIMIT_REACHED",
    retryable: true,
    retryAfterSeconds: 17,
  });
  expect(batchesOf(provider)).toBe(0);
});

test("without funds a batch is rejected for now", async () => {
  const many = items(1).map((item) => ({ ...item, amount: { minor: 10_001n, currency: "USD" } }));
  expect(await rail.submit(rail.freeze("bat_1", many))).toMatchObject({
    kind: "rejected",
    code: "INSUFFICIENT_FUNDS",
    retryable: true,
  });
});

test("a batch that PayPal finds wrong is rejected for good", async () => {
  const submission = rail.freeze("bat_1", items(1));
  const broken = { ...submission, body: submission.body.replace("1.00", "1.001") };
  expect(await rail.submit(broken)).toMatchObject({ kind: "rejected", code: "VALIDATION_ERROR", retryable: false });
  const unconfirmed = items(1).map((item) => ({ ...item, note: "ERRPYO002" }));
  expect(await rail.submit(rail.freeze("bat_2", unconfirmed))).toMatchObject({
    kind: "rejected",
    code: "SENDER_EMAIL_UNCONFIRMED",
    retryable: false,
  });
});

test("without a token nothing is sent, and that is known", async () => {
  const locked = createPayPal({ ...access, clientSecret: "wrong", baseUrl: provider.url });
  const outcome = await locked.submit(locked.freeze("bat_1", items(1)));
  expect(outcome).toMatchObject({ kind: "rejected", code: "NOT_SENT", retryable: true });
  provider.faults.set({
    queue: [
      { kind: "500-before", on: "token" },
      { kind: "timeout-before", on: "token" },
    ],
  });
  for (let tries = 0; tries < 2; tries++) {
    expect(await rail.submit(rail.freeze("bat_1", items(1)))).toMatchObject({ kind: "rejected", code: "NOT_SENT" });
  }
  expect(batchesOf(provider)).toBe(0);
  expect(await rail.submit(rail.freeze("bat_1", items(1)))).toMatchObject({ kind: "accepted" });
});

test("nobody listening is unknown at the look-up and not sent at the submission", async () => {
  const alone = createPayPal({ ...access, baseUrl: "http://127.0.0.1:1" });
  expect(await alone.submit(alone.freeze("bat_1", items(1)))).toMatchObject({ kind: "rejected", code: "NOT_SENT" });
  expect(await alone.lookUp("ABC")).toMatchObject({ kind: "unknown" });
});

const lives: [word: string, settled: string[], late: string[]][] = [
  ["anna", ["SUCCESS", "paid"], ["SUCCESS", "paid"]],
  ["fail", ["FAILED", "failed"], ["FAILED", "failed"]],
  ["blocked", ["BLOCKED", "failed"], ["BLOCKED", "failed"]],
  ["unclaimed", ["UNCLAIMED", "unclaimed"], ["RETURNED", "returned"]],
  ["claimed", ["UNCLAIMED", "unclaimed"], ["SUCCESS", "paid"]],
  ["onhold", ["ONHOLD", "submitted"], ["SUCCESS", "paid"]],
  ["reversed", ["SUCCESS", "paid"], ["REVERSED", "returned"]],
  ["refunded", ["SUCCESS", "paid"], ["REFUNDED", "returned"]],
];

test("every status has its meaning, its word kept, its error named", async () => {
  const batch = lives.map(([word], index) => ({ ...items(8)[index], receiver: `${word}+x@example.com` }) as RailItem);
  const batchId = await accepted("bat_1", batch);
  provider.settle();
  expect(await statuses(batchId)).toEqual(lives.map(([, settled]) => settled));
  const found = await rail.lookUp(batchId);
  expect(found.kind === "found" && found.items[1]).toMatchObject({
    errorCode: "RECEIVER_ACCOUNT_LOCKED",
    errorMessage: expect.stringContaining("locked"),
  });
  provider.settle(true);
  expect(await statuses(batchId)).toEqual(lives.map(([, , late]) => late));
});

test("a status no document lists is unknown for that payout alone, its word kept", async () => {
  const batchId = await accepted("bat_1", items(2));
  provider.settle();
  provider.faults.set({ queue: [{ kind: "unknown-status" }] });
  expect(await statuses(batchId)).toEqual([
    ["UNDER_REVIEW", "unknown"],
    ["SUCCESS", "paid"],
  ]);
});

test("a denied batch is found as denied", async () => {
  provider.faults.set({ queue: [{ kind: "denied" }] });
  const batchId = await accepted("bat_1", items(1));
  provider.settle();
  expect(await rail.lookUp(batchId)).toMatchObject({ kind: "found", batchStatus: "DENIED" });
});

test("a batch of more than one page is read whole; with a page missing or short nothing is concluded", async () => {
  const small = items(1001).map((item) => ({ ...item, amount: { minor: 1n, currency: "EUR" } }));
  const batchId = await accepted("bat_1", small);
  const found = await rail.lookUp(batchId);
  expect(found.kind === "found" && found.items.map((item) => item.payoutId)).toEqual(
    small.map((item) => item.payoutId),
  );
  for (const kind of ["missing-page", "partial-page", "malformed"] as const) {
    provider.faults.set({ queue: [{ kind, on: "lookup" }] });
    expect(await rail.lookUp(batchId)).toMatchObject({ kind: "unknown" });
  }
});

test.each(["429", "500-before", "timeout-before"] as const)(
  "a look-up that meets %s concludes nothing",
  async (kind) => {
    const batchId = await accepted("bat_1", items(1));
    provider.faults.set({ queue: [{ kind, on: "lookup" }] });
    expect(await rail.lookUp(batchId)).toMatchObject({ kind: "unknown" });
  },
);

test("a batch that PayPal does not have is not found", async () => {
  expect(await rail.lookUp("NOSUCHBATCH")).toMatchObject({
    kind: "not_found",
    raw: expect.stringContaining("INVALID_RESOURCE_ID"),
  });
});

test("30 days later a repeat would be paid again: the rail says how long the key protects", async () => {
  const submission = rail.freeze("bat_1", items(1));
  await rail.submit(submission);
  expect(rail.repeatWindowDays).toBe(30);
  provider.setClock(new Date(Date.now() + (rail.repeatWindowDays - 1) * day));
  await rail.submit(submission);
  expect(batchesOf(provider)).toBe(1);
  provider.setClock(new Date(Date.now() + (rail.repeatWindowDays + 1) * day));
  await rail.submit(submission);
  expect(batchesOf(provider)).toBe(2);
});

/** Batches in the provider's own books. */
function batchesOf(paypal: PayPal): number {
  return Object.values(paypal.books().batches).reduce((sum, key) => sum + key.accepted, 0);
}

function items(count: number): RailItem[] {
  return Array.from({ length: count }, (_, index) => ({
    payoutId: `pay_${index}`,
    receiver: `anna${index}@example.com`,
    amount: { minor: 100n, currency: "USD" },
    note: "Commission",
  }));
}

async function accepted(key: string, batch: RailItem[]): Promise<string> {
  return idOf(await rail.submit(rail.freeze(key, batch)));
}

function idOf(outcome: { kind: string; providerBatchId?: string }): string {
  if (outcome.providerBatchId === undefined) throw new Error(JSON.stringify(outcome));
  return outcome.providerBatchId;
}

async function statuses(batchId: string): Promise<string[][]> {
  const found = await rail.lookUp(batchId);
  if (found.kind !== "found") throw new Error(JSON.stringify(found));
  return found.items.map((item) => [item.rawStatus, item.status]);
}

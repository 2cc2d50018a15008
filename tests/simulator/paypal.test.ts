import { describe, expect, test } from "vitest";
import { batchIdOf, batchOf, call, openPayPal, request, submit } from "./paypal-client";

test("a submission is accepted pending and becomes a success that names each item", async () => {
  const paypal = await openPayPal();
  const created = await submit(paypal, batchOf("b1"));
  expect(created.status).toBe(201);
  expect(created.body.batch_header).toMatchObject({
    batch_status: "PENDING",
    sender_batch_header: { sender_batch_id: "b1" },
  });
  const id = batchIdOf(created);
  expect(created.body.links).toEqual([
    { href: `${paypal.url}/v1/payments/payouts/${id}`, rel: "self", method: "GET", encType: "application/json" },
  ]);
  const open = await call(paypal, `/v1/payments/payouts/${id}`);
  expect(open.body.items[0]).toMatchObject({ transaction_status: "PENDING" });
  paypal.settle();
  const settled = await call(paypal, `/v1/payments/payouts/${id}?total_required=true`);
  expect(settled.body).toMatchObject({ total_items: 1, total_pages: 1, batch_header: { batch_status: "SUCCESS" } });
  const [item] = settled.body.items;
  expect(item).toMatchObject({
    transaction_status: "SUCCESS",
    payout_batch_id: id,
    payout_item_fee: { currency: "USD", value: "0.25" },
    payout_item: {
      sender_item_id: "b1-0",
      receiver: "anna@example.com",
      amount: { currency: "EUR", value: "10.00" },
    },
  });
  expect(item.transaction_id).toMatch(/^[A-Z0-9]{17}$/);
  expect(Date.parse(item.time_processed)).not.toBeNaN();
  const alone = await call(paypal, `/v1/payments/payouts-item/${item.payout_item_id}`);
  expect(alone.body).toMatchObject({ ...item, sender_batch_id: "b1" });
});

test("a batch goes through PROCESSING by the clock, and provider times are the clock's", async () => {
  const paypal = await openPayPal({ settleMs: 2000 });
  paypal.setClock(new Date("2026-03-01T10:00:00Z"));
  const id = batchIdOf(await submit(paypal, batchOf("b1")));
  const status = async (at: string) => {
    paypal.setClock(new Date(at));
    return (await call(paypal, `/v1/payments/payouts/${id}`)).body.batch_header.batch_status;
  };
  expect(await status("2026-03-01T10:00:00.999Z")).toBe("PENDING");
  expect(await status("2026-03-01T10:00:01Z")).toBe("PROCESSING");
  expect(await status("2026-03-01T10:00:02Z")).toBe("SUCCESS");
  const { body } = await call(paypal, `/v1/payments/payouts/${id}`);
  expect(body.batch_header).toMatchObject({
    time_created: "2026-03-01T10:00:00Z",
    time_completed: "2026-03-01T10:00:02Z",
  });
  expect(body.items[0].time_processed).toBe("2026-03-01T10:00:02Z");
});

test("a sender_batch_id is refused for 30 days with the way to the original, then taken again", async () => {
  const paypal = await openPayPal();
  paypal.setClock(new Date("2026-03-01T10:00:00Z"));
  const id = batchIdOf(await submit(paypal, batchOf("b1")));
  paypal.setClock(new Date("2026-03-31T09:59:59Z"));
  const again = await submit(paypal, batchOf("b1"));
  expect(again.status).toBe(400);
  expect(again.body).toMatchObject({
    name: "USER_BUSINESS_ERROR",
    details: [{ field: "SENDER_BATCH_ID", issue: "Batch with given sender_batch_id already exists" }],
  });
  const [link] = again.body.details[0].link;
  expect((await call(paypal, new URL(link.href).pathname)).body.batch_header.payout_batch_id).toBe(id);
  expect(paypal.books().items["b1-0"]?.accepted).toBe(1);

  paypal.setClock(new Date("2026-03-31T10:00:00Z"));
  expect((await submit(paypal, batchOf("b1"))).status).toBe(201);
  expect(paypal.books().items["b1-0"]?.accepted).toBe(2);
  expect(paypal.books().violations).toContainEqual({
    rule: "an item is accepted once",
    senderItemId: "b1-0",
    accepted: 2,
  });
});

test("a known PayPal-Request-Id answers as before; a rail that ignores it refuses the key instead", async () => {
  const header = { "paypal-request-id": "r1" };
  const replaying = await openPayPal();
  const first = await submit(replaying, batchOf("b1"), header);
  const second = await submit(replaying, batchOf("b1"), header);
  expect([second.status, batchIdOf(second)]).toEqual([201, batchIdOf(first)]);
  const other = await submit(replaying, batchOf("b2"), header);
  expect([other.status, other.body.name]).toEqual([400, "DUPLICATE_REQUEST_ID"]);
  expect(replaying.books().answers).toEqual({ accepted: 1, replayed: 1, "request-id-reused": 1 });

  const ignoring = await openPayPal({ requestIds: "ignored" });
  await submit(ignoring, batchOf("b1"), header);
  expect((await submit(ignoring, batchOf("b1"), header)).body.name).toBe("USER_BUSINESS_ERROR");
  expect((await submit(ignoring, batchOf("b2"), header)).status).toBe(201);
});

test("a changed body under one key is a violation; the order of keys is not a change", async () => {
  const paypal = await openPayPal();
  const { sender_batch_header, items } = batchOf("b1");
  await submit(paypal, { sender_batch_header, items });
  await submit(paypal, { items, sender_batch_header });
  expect(paypal.books().violations).toEqual([]);
  await submit(paypal, batchOf("b1", ["anna@example.com"], { currency: "EUR", value: "10.01" }));
  expect(paypal.books().violations).toEqual([{ rule: "one body per sender_batch_id", senderBatchId: "b1", bodies: 2 }]);
  expect(paypal.books().batches.b1).toMatchObject({ requests: 3, bodies: 2, accepted: 1 });
});

test("every page of a batch is answered once, with its neighbours linked", async () => {
  const paypal = await openPayPal();
  const receivers = Array.from({ length: 25 }, (_, index) => `a${index}@example.com`);
  const id = batchIdOf(await submit(paypal, batchOf("b1", receivers)));
  const seen: string[] = [];
  let path = `/v1/payments/payouts/${id}?page=1&page_size=10&total_required=true`;
  for (let page = 1; path !== ""; page++) {
    const { body } = await call(paypal, path);
    if (page === 1) expect(body).toMatchObject({ total_items: 25, total_pages: 3 });
    seen.push(
      ...body.items.map((item: { payout_item: { sender_item_id: string } }) => item.payout_item.sender_item_id),
    );
    const next = body.links.find((link: { rel: string }) => link.rel === "next");
    path = next ? new URL(next.href).pathname + new URL(next.href).search : "";
  }
  expect(seen).toEqual(receivers.map((_, index) => `b1-${index}`));
  for (const query of ["page=0", "page=x", "page_size=1001", "page_size=0"])
    expect((await call(paypal, `/v1/payments/payouts/${id}?${query}`)).body.name).toBe("VALIDATION_ERROR");
});

test.each([
  ["EUR", "10.00", 201],
  ["EUR", "10.5", 201],
  ["EUR", "10", 201],
  ["EUR", "10.005", 400],
  ["EUR", "0.00", 400],
  ["EUR", "-1.00", 400],
  ["EUR", "1e2", 400],
  ["EUR", "1,50", 400],
  ["JPY", "1000", 201],
  ["JPY", "1000.00", 400],
  ["HUF", "1000", 201],
  ["HUF", "1000.5", 400],
  ["TWD", "1000.00", 400],
  ["KWD", "1.000", 400],
  ["EUR", 10, 400],
])("%s %s is answered %i", async (currency, value, status) => {
  const paypal = await openPayPal();
  const answer = await submit(paypal, batchOf("b1", ["anna@example.com"], { currency, value: value as string }));
  expect(answer.status).toBe(status);
  if (status === 400) expect(answer.body).toMatchObject({ name: "VALIDATION_ERROR", details: [{ location: "body" }] });
});

describe("a documented limit refuses the whole body and names the field", () => {
  const one = batchOf("b1");
  const [item] = one.items;
  const header = one.sender_batch_header;
  test.each([
    ["items[0].receiver", { ...one, items: [{ ...item, receiver: `${"a".repeat(120)}@example.com` }] }],
    ["items[0].receiver", { ...one, items: [{ ...item, receiver: undefined }] }],
    ["items[0].receiver", { ...one, items: [{ ...item, receiver: "nobody" }] }],
    ["items[0].receiver", { ...one, items: [{ ...item, recipient_type: "PAYPAL_ID" }] }],
    ["items[0].recipient_type", { ...one, items: [{ ...item, recipient_type: "PIGEON" }] }],
    ["items[0].sender_item_id", { ...one, items: [{ ...item, sender_item_id: "x".repeat(64) }] }],
    ["items[0].note", { ...one, items: [{ ...item, note: "x".repeat(4001) }] }],
    ["items[0].note", { ...one, items: [{ ...item, note: "grüße" }] }],
    ["items", { ...one, items: [] }],
    ["items", { ...one, items: Array.from({ length: 15_001 }, () => item) }],
    ["items", { ...one, items: [item, { ...item, amount: { currency: "USD", value: "1.00" } }] }],
    ["sender_batch_header.sender_batch_id", { ...one, sender_batch_header: { sender_batch_id: "x".repeat(257) } }],
    [
      "sender_batch_header.email_subject",
      { ...one, sender_batch_header: { ...header, email_subject: "x".repeat(256) } },
    ],
    [
      "sender_batch_header.email_message",
      { ...one, sender_batch_header: { ...header, email_message: "x".repeat(1001) } },
    ],
    ["sender_batch_header", { items: [item] }],
  ])("%s", async (field, body) => {
    const paypal = await openPayPal();
    const answer = await submit(paypal, body);
    expect([answer.status, answer.body.name]).toEqual([400, "VALIDATION_ERROR"]);
    expect(answer.body.details.map((detail: { field: string }) => detail.field)).toContain(field);
    expect(paypal.books().items).toEqual({});
  });
});

test("15,000 items are accepted in one batch", async () => {
  const paypal = await openPayPal();
  const receivers = Array.from({ length: 15_000 }, (_, index) => `a${index}@example.com`);
  expect((await submit(paypal, batchOf("b1", receivers))).status).toBe(201);
  paypal.settle();
  expect(paypal.books().totals).toEqual({
    EUR: { accepted: "150000.00", paid: "150000.00", back: "0.00", items: 15_000 },
  });
});

test("only the right client gets a token, and only a token opens the API", async () => {
  const paypal = await openPayPal();
  const ask = (secret: string, grant_type: string) =>
    request(`${paypal.url}/v1/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`id:${secret}`)}` },
      body: new URLSearchParams({ grant_type }),
    });
  expect((await ask("secret", "client_credentials")).body).toMatchObject({ token_type: "Bearer", expires_in: 32_400 });
  expect((await ask("wrong", "client_credentials")).status).toBe(401);
  expect((await ask("secret", "password")).status).toBe(400);
  expect((await request(`${paypal.url}/v1/payments/payouts/X`)).status).toBe(401);
  const forged = { headers: { authorization: "Bearer A21AA.9999999999.00" } };
  expect((await request(`${paypal.url}/v1/payments/payouts/X`, forged)).status).toBe(401);
});

test("only an unclaimed item can be cancelled, once, and its money is back", async () => {
  const paypal = await openPayPal();
  const id = batchIdOf(await submit(paypal, batchOf("b1", ["unclaimed+a@example.com", "b@example.com"])));
  paypal.settle();
  const { body } = await call(paypal, `/v1/payments/payouts/${id}`);
  const [unclaimed, paid] = body.items.map((item: { payout_item_id: string }) => item.payout_item_id);
  const cancel = (item: string) => call(paypal, `/v1/payments/payouts-item/${item}/cancel`, { method: "POST" });
  expect((await cancel(paid)).body.name).toBe("ITEM_INCORRECT_STATUS");
  expect(await cancel(unclaimed)).toMatchObject({ status: 200, body: { transaction_status: "RETURNED" } });
  expect((await cancel(unclaimed)).body.name).toBe("ITEM_ALREADY_CANCELLED");
  expect(paypal.books().totals.EUR).toMatchObject({ accepted: "20.00", paid: "10.00", back: "10.00" });
});

test("an unknown batch is a 404 in PayPal's shape", async () => {
  const answer = await call(await openPayPal(), "/v1/payments/payouts/NOSUCHBATCH");
  expect([answer.status, answer.body.name]).toEqual([404, "INVALID_RESOURCE_ID"]);
});

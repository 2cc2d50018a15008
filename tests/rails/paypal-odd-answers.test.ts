import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPayPal, type Rail } from "@/server/rails";

// Answers that PayPal's documents allow and the simulator never gives.

type Answer = { status: number; body: unknown; headers?: Record<string, string> };
type Seen = { name: string; headers: IncomingMessage["headers"]; body: string };

const secret = "very-secret";
let server: Server;
let rail: Rail;
let seen: Seen[];
let tokens: Answer[];
let answers: Answer[];

const token = (value: string, expires_in = 32_400): Answer => ({
  status: 200,
  body: { access_token: value, expires_in },
});
const created: Answer = { status: 201, body: { batch_header: { payout_batch_id: "B1", batch_status: "PENDING" } } };
const submission = { key: "bat_1", body: '{"sender_batch_header":{}}' };

beforeEach(async () => {
  seen = [];
  tokens = [token("t1"), token("t2"), token("t3")];
  answers = [];
  server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const name = `${request.method} ${request.url}`;
    seen.push({ name, headers: request.headers, body });
    const answer = (name === "POST /v1/oauth2/token" ? tokens : answers).shift() ?? { status: 599, body: "" };
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  rail = createPayPal({ baseUrl, clientId: "client", clientSecret: secret, timeoutMs: 5000 });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test("the frozen bytes go out unchanged, under the key in both places, with the token", async () => {
  answers = [created];
  const frozen = rail.freeze("bat_1-0", [
    { payoutId: "pay_1", receiver: "a@example.com", amount: { minor: 5n, currency: "EUR" }, note: "" },
  ]);
  await rail.submit(frozen);
  const [auth, sent] = seen;
  expect(auth?.headers.authorization).toBe(`Basic ${Buffer.from(`client:${secret}`).toString("base64")}`);
  expect(sent).toMatchObject({
    name: "POST /v1/payments/payouts",
    body: frozen.body,
    headers: { authorization: "Bearer t1", "paypal-request-id": "bat_1-0", "content-type": "application/json" },
  });
  expect(JSON.parse(frozen.body).sender_batch_header.sender_batch_id).toBe("bat_1-0");
});

test("a token is kept while it lasts, and asked for once by requests that start together", async () => {
  answers = Array(5).fill(created);
  await Promise.all([rail.submit(submission), rail.submit(submission), rail.submit(submission)]);
  await rail.submit(submission);
  await rail.submit(submission);
  expect(count("/v1/oauth2/token")).toBe(1);
});

test("a token about to end is not used again", async () => {
  tokens = [token("t1", 30), token("t2", 32_400)];
  answers = [created, created, created];
  for (let times = 0; times < 3; times++) await rail.submit(submission);
  expect(seen.filter(({ body }) => body === submission.body).map(({ headers }) => headers.authorization)).toEqual([
    "Bearer t1",
    "Bearer t2",
    "Bearer t2",
  ]);
});

const expired: Answer = { status: 401, body: { error: "invalid_token", error_description: "The token expired" } };

test("a 401 renews the token once and sends the same bytes again", async () => {
  answers = [expired, created];
  expect(await rail.submit(submission)).toMatchObject({ kind: "accepted", providerBatchId: "B1" });
  const sent = seen.filter(({ name }) => name === "POST /v1/payments/payouts");
  expect(sent.map(({ body, headers }) => [body, headers.authorization, headers["paypal-request-id"]])).toEqual([
    [submission.body, "Bearer t1", "bat_1"],
    [submission.body, "Bearer t2", "bat_1"],
  ]);
});

test("a second 401 ends it: rejected for now, not asked a third time", async () => {
  answers = [expired, expired, created];
  expect(await rail.submit(submission)).toMatchObject({ kind: "rejected", code: "invalid_token", retryable: true });
  expect(count("/v1/payments/payouts")).toBe(2);
});

test("a 401 whose renewal fails proves that nothing was accepted", async () => {
  tokens = [token("t1"), { status: 503, body: "" }];
  answers = [expired];
  expect(await rail.submit(submission)).toMatchObject({ kind: "rejected", code: "NOT_SENT", retryable: true });
});

const original = { href: "https://api.sandbox.paypal.com/v1/payments/payouts/ORIG7", rel: "self", method: "GET" };
const duplicate = { field: "SENDER_BATCH_ID", issue: "Batch with given sender_batch_id already exists" };
const error = (name: string, more: object = {}) => ({ name, message: "…", debug_id: "d", ...more });

const outcomes: [what: string, answer: Answer, outcome: object][] = [
  [
    "a duplicate as seen live, the link in its detail",
    { status: 400, body: error("USER_BUSINESS_ERROR", { details: [{ ...duplicate, link: [original] }] }) },
    { kind: "accepted", providerBatchId: "ORIG7" },
  ],
  [
    "a duplicate with the link where the specification has it",
    { status: 400, body: error("USER_BUSINESS_ERROR", { details: [duplicate], links: [original] }) },
    { kind: "accepted", providerBatchId: "ORIG7" },
  ],
  [
    "a duplicate without a link",
    { status: 400, body: error("USER_BUSINESS_ERROR", { details: [duplicate] }) },
    { kind: "unknown", reason: expect.stringContaining("without a link") },
  ],
  [
    "an earlier request still running",
    { status: 409, body: error("PREVIOUS_REQUEST_IN_PROGRESS") },
    { kind: "unknown" },
  ],
  ["a request id met before", { status: 400, body: error("DUPLICATE_REQUEST_ID") }, { kind: "unknown" }],
  ["201 without an id", { status: 201, body: { batch_header: {} } }, { kind: "unknown" }],
  ["201 with an empty id", { status: 201, body: { batch_header: { payout_batch_id: "" } } }, { kind: "unknown" }],
  ["200 with a page of a proxy", { status: 200, body: "<html>" }, { kind: "unknown" }],
  ["204", { status: 204, body: "" }, { kind: "unknown" }],
  ["a redirect", { status: 307, body: "", headers: { location: "/elsewhere" } }, { kind: "unknown" }],
  ["400 from a proxy", { status: 400, body: "<html>" }, { kind: "unknown" }],
  ["403 of somebody else's JSON", { status: 403, body: { blocked: true } }, { kind: "unknown" }],
  ["429 without a PayPal error", { status: 429, body: "" }, { kind: "unknown" }],
  ["408", { status: 408, body: error("REQUEST_TIMEOUT") }, { kind: "unknown" }],
  ["503 with a PayPal error", { status: 503, body: error("SERVICE_UNAVAILABLE") }, { kind: "unknown" }],
  [
    "no funds, said in a detail",
    { status: 422, body: error("UNPROCESSABLE_ENTITY", { details: [{ issue: "INSUFFICIENT_FUNDS" }] }) },
    { kind: "rejected", retryable: true },
  ],
  [
    "no permission",
    { status: 403, body: error("NOT_AUTHORIZED", { details: null, links: null }) },
    { kind: "rejected", code: "NOT_AUTHORIZED", retryable: false },
  ],
  [
    "a date to retry after",
    { status: 429, body: error("RATE_LIMIT_REACHED"), headers: { "retry-after": "soon" } },
    { kind: "rejected", retryable: true, retryAfterSeconds: undefined },
  ],
  [
    "a wrong field",
    { status: 400, body: error("VALIDATION_ERROR", { details: [{ field: "items[0].receiver", issue: "Invalid" }] }) },
    { kind: "rejected", retryable: false, message: "… (items[0].receiver: Invalid)" },
  ],
];

test.each(outcomes)("%s is understood", async (_what, answer, outcome) => {
  answers = [answer];
  expect(await rail.submit(submission)).toMatchObject(outcome);
  expect(count("/v1/payments/payouts")).toBe(1);
  expect(count("/elsewhere")).toBe(0);
});

const header = { payout_batch_id: "B1", batch_status: "SUCCESS" };
const item = (id: string, more: object = {}) => ({
  payout_item_id: `I-${id}`,
  transaction_status: "SUCCESS",
  payout_item: { sender_item_id: id },
  ...more,
});
const page = (items: object[], total_items?: number, total_pages?: number, batch: object = header): Answer => ({
  status: 200,
  body: { batch_header: batch, items, total_items, total_pages },
});
const notFound: Answer = { status: 404, body: error("INVALID_RESOURCE_ID") };

const lookUps: [what: string, pages: Answer[], outcome: object][] = [
  [
    "two pages",
    [page([item("a")], 2, 2), page([item("b")], 2, 2)],
    { kind: "found", items: [{ payoutId: "a" }, { payoutId: "b" }] },
  ],
  [
    "a denied batch without items",
    [{ status: 200, body: { batch_header: { ...header, batch_status: "DENIED" } } }],
    { kind: "found", batchStatus: "DENIED", isRefused: true, isFinal: true, items: [] },
  ],
  [
    "a denied batch whose items were never processed",
    [
      page(
        [item("a", { transaction_status: "PENDING" }), item("b"), item("c", { transaction_status: "ONHOLD" })],
        3,
        1,
        { ...header, batch_status: "DENIED" },
      ),
    ],
    {
      kind: "found",
      items: [
        { status: "failed", rawStatus: "PENDING", errorCode: "BATCH_REFUSED" },
        { status: "paid", errorCode: null },
        { status: "submitted", rawStatus: "ONHOLD" },
      ],
    },
  ],
  [
    "a canceled batch with totals of zero",
    [page([], 0, 0, { ...header, batch_status: "CANCELED" })],
    { kind: "found", batchStatus: "CANCELED", isRefused: true, isFinal: true, items: [] },
  ],
  [
    "a state that moved between two pages",
    [page([item("a")], 2, 2, { ...header, batch_status: "PROCESSING" }), page([item("b")], 2, 2)],
    { kind: "found", batchStatus: "SUCCESS", isRefused: false, isFinal: true },
  ],
  ["items without totals", [page([item("a")])], { kind: "unknown" }],
  ["fewer items than the total", [page([item("a")], 2, 1)], { kind: "unknown" }],
  ["more items than the total", [page([item("a"), item("b")], 1, 1)], { kind: "unknown" }],
  ["totals that change", [page([item("a")], 2, 2), page([item("b")], 3, 2)], { kind: "unknown" }],
  [
    "the first page twice",
    [page([item("a")], 2, 2), page([item("a")], 2, 2)],
    { kind: "unknown", reason: "one payout came twice" },
  ],
  ["a second page that is not there", [page([item("a")], 2, 2), notFound], { kind: "unknown" }],
  [
    "more pages than a batch can have",
    Array(20).fill(page([], 20_000, 20)),
    { kind: "unknown", reason: expect.stringContaining("more than 15 pages") },
  ],
  ["another batch", [page([item("a")], 1, 1, { ...header, payout_batch_id: "B2" })], { kind: "unknown" }],
  ["an item without our id", [page([{ ...item("a"), payout_item: {} }], 1, 1)], { kind: "unknown" }],
  ["a time that is none", [page([item("a", { time_processed: "yesterday" })], 1, 1)], { kind: "unknown" }],
  ["404 from a proxy", [{ status: 404, body: "<html>" }], { kind: "unknown" }],
  ["401 twice", [expired, expired], { kind: "unknown" }],
  ["403", [{ status: 403, body: error("NOT_AUTHORIZED") }], { kind: "unknown" }],
  ["no such batch", [notFound], { kind: "not_found" }],
  [
    "a name that every object has for a status",
    [page([item("a", { transaction_status: "constructor" })], 1, 1)],
    { kind: "found", items: [{ status: "unknown", rawStatus: "constructor" }] },
  ],
];

test.each(lookUps)("a look-up that meets %s concludes only what is certain", async (_what, pages, outcome) => {
  answers = pages;
  expect(await rail.lookUp("B1")).toMatchObject(outcome);
});

const fees: [fee: object, read: object][] = [
  [
    { currency: "USD", value: "0.25" },
    { status: "paid", fee: { minor: 25n, currency: "USD" } },
  ],
  [
    { currency: "JPY", value: "30.00" },
    { status: "paid", fee: { minor: 30n, currency: "JPY" } },
  ],
  [
    { currency: "USD", value: "0.255" },
    { status: "unknown", rawStatus: "SUCCESS", fee: null, errorCode: "FEE_UNREADABLE" },
  ],
  [
    { currency: "USD", value: "-0.25" },
    { status: "unknown", fee: null },
  ],
  [
    { currency: "COINS", value: "1" },
    { status: "unknown", fee: null },
  ],
];

test.each(fees)("the fee %j is read exactly or its payout is unknown", async (payout_item_fee, read) => {
  answers = [page([item("a", { payout_item_fee, time_processed: "2026-01-01T01:00:00+01:00" }), item("b")], 2, 1)];
  expect(await rail.lookUp("B1")).toMatchObject({
    kind: "found",
    items: [
      { ...read, occurredAt: new Date("2026-01-01T00:00:00Z") },
      { status: "paid", fee: null, occurredAt: null },
    ],
  });
});

test("the id of a batch cannot lead to another address", async () => {
  await rail.lookUp("../../oauth2/token?x=");
  expect(seen.at(-1)?.name).toMatch(/^GET \/v1\/payments\/payouts\/\.\.%2F\.\.%2Foauth2%2Ftoken%3Fx%3D\?page=1&/);
});

test("neither the secret nor a token is in any outcome", async () => {
  tokens = [
    { status: 200, body: { access_token: "t1", expires_in: "soon" } },
    { status: 401, body: "no" },
    token("t-secret"),
  ];
  answers = [{ status: 400, body: error("VALIDATION_ERROR") }];
  const all = JSON.stringify([await rail.submit(submission), await rail.lookUp("B1"), await rail.submit(submission)]);
  expect(all).toContain("NOT_SENT");
  expect(all).not.toMatch(/very-secret|"t1|t-secret|Basic|Bearer/);
});

test("what is kept of an answer fits a text column", async () => {
  answers = [{ status: 500, body: `a\0b${"x".repeat(100_000)}` }];
  const outcome = await rail.submit(submission);
  expect(outcome.kind === "unknown" && outcome.raw).toMatch(/^a\ufffdbx{65533}$/);
});

function count(path: string): number {
  return seen.filter(({ name }) => name.includes(path)).length;
}

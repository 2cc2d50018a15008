import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Database, queryRows } from "@/server/db";
import {
  createInbox,
  createRateLimit,
  handlePostback,
  type PostbackDoor,
  processDeliveries,
} from "@/server/deliveries";
import { createSource } from "@/server/sources";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization, type TestOrganization } from "@/tests/support/organization";
import { type PostbackServer, startPostbackServer } from "@/tests/support/postback-server";

const now = new Date("2026-03-01T10:00:00Z");
const SECRET = "a-secret-of-enough-length";

let opened: TestDatabase;
let org: TestOrganization;
let signed: { id: string; token: string };
let awin: { id: string; token: string };
let slow: { id: string; token: string };
let server: PostbackServer;

beforeAll(async () => {
  opened = await openTestDatabase("postgres");
  org = await setUpOrganization(opened.database, now);
  const { programId } = org;
  [signed, awin, slow] = await opened.database.inOrganization(org.orgId, async (tx) => [
    await createSource(
      tx,
      { programId, name: "Signed", network: "generic", signingSecret: SECRET, defaultCurrency: "EUR" },
      now,
    ),
    await createSource(
      tx,
      { programId, name: "Awin", network: "awin", signingSecret: null, defaultCurrency: null },
      now,
    ),
    await createSource(
      tx,
      { programId, name: "Slow", network: "generic", signingSecret: null, defaultCurrency: "EUR" },
      now,
    ),
  ]);
  await opened.database.inOrganization(org.orgId, (tx) =>
    tx.execute(sql`update sources set requests_per_minute = 6 where id = ${slow.id}`),
  );
  server = await startPostbackServer(doorOf(opened.database));
});
afterAll(async () => {
  await server.close();
  await opened.close();
});

function doorOf(database: Database): PostbackDoor {
  const clock = () => now;
  return { inbox: createInbox(database, clock, () => {}), clock, admit: createRateLimit(() => 0) };
}

type Sent = { query?: string; body?: string | Uint8Array; headers?: Record<string, string>; token?: string };

/** Over HTTP, to the byte: what a server makes of a request is part of what is tested. */
async function send({ query = "", token = org.source.token, ...sent }: Sent, at = server) {
  const target = `/api/postbacks/${token}${query && `?${query}`}`;
  const { status, headers, text } = await at.send({ target, ...sent });
  return { status, retryAfter: headers["retry-after"] ?? null, ...(JSON.parse(text) as Answer) };
}
type Answer = { result: string; delivery?: string; reason: string | null };

async function stored(id: string | undefined) {
  const [row] = await opened.database.inOrganization(org.orgId, (tx) =>
    queryRows<{
      result: string;
      body: string;
      truncated_at: number | null;
      reason: string;
      signed: string;
      target: string;
    }>(
      tx,
      sql`select result, encode(body, 'base64') as body, truncated_at, reason, signed, target from deliveries where id = ${id ?? ""}`,
    ),
  );
  return row;
}
async function lastStored() {
  const [row] = await opened.database.inOrganization(org.orgId, (tx) =>
    queryRows<{ id: string }>(tx, sql`select id from deliveries order by seq desc limit 1`),
  );
  return stored(row?.id);
}
async function countDeliveries(): Promise<number> {
  const [row] = await opened.database.inOrganization(org.orgId, (tx) =>
    queryRows<{ n: number }>(tx, sql`select count(*)::int as n from deliveries`),
  );
  return row?.n ?? -1;
}

const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const bytes = (...parts: (string | number)[]) =>
  new Uint8Array(Buffer.concat(parts.map((p) => (typeof p === "number" ? Buffer.from([p]) : Buffer.from(p)))));

describe("an unknown or malformed address is 404 and stores nothing", () => {
  test.each(["0".repeat(32), "short", "../../etc/passwd", "' or 1=1 --", "%00", "UPPERCASE0000000000000000000000AA"])(
    "%s",
    async (token) => {
      const before = await countDeliveries();
      const request = new Request("http://localhost/api/postbacks/?transaction_id=1&payout=1");
      expect(await handlePostback(request, token, doorOf(opened.database))).toMatchObject({ status: 404 });
      expect(await countDeliveries()).toBe(before);
    },
  );
});

describe("a bad, stale or future signature is 401, kept as refused, and has no effect", () => {
  const body = "transaction_id=S1&payout=5.00&status=approved";
  const header = (at: number, text = body, secret = SECRET) =>
    `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${text}`).digest("hex")}`;
  const seconds = now.getTime() / 1000;
  const cases: [string, Record<string, string>][] = [
    ["no signature", {}],
    ["another secret", { "x-signature": header(seconds, body, "another-secret-of-length") }],
    ["another body", { "x-signature": header(seconds, `${body}0`) }],
    ["stale by 301 s", { "x-signature": header(seconds - 301) }],
    ["301 s in the future", { "x-signature": header(seconds + 301) }],
    ["no time", { "x-signature": "v1=00" }],
  ];
  test.each(cases)("%s", async (_name, headers) => {
    const answer = await send({ token: signed.token, body, headers: { ...form, ...headers } });
    expect(answer.status).toBe(401);
    expect(await stored(answer.delivery)).toMatchObject({ result: "refused", signed: "refused" });
  });
  test("while a valid one is accepted", async () => {
    const answer = await send({ token: signed.token, body, headers: { ...form, "x-signature": header(seconds) } });
    expect(answer).toMatchObject({ status: 200, result: "accepted" });
  });
});

describe("a body over 256 KiB is 413; its first 64 KiB are kept", () => {
  test.each([
    ["form", form, `transaction_id=L1&payout=1&note=${"x".repeat(300_000)}`],
    ["json", json, JSON.stringify({ transaction_id: "L2", note: "y".repeat(262_144) })],
    ["octets", {}, "z".repeat(1_000_000)],
    ["several megabytes", {}, "m".repeat(4_000_000)],
  ])("%s", async (_name, headers, body) => {
    const answer = await send({ body, headers });
    expect(answer.status).toBe(413);
    expect(await stored(answer.delivery)).toMatchObject({ result: "refused", truncated_at: 65_536 });
  });
});

describe("a connection that ends mid-body leaves what arrived, marked as cut", () => {
  test.each(["transaction_id=C1&pay", "", '{"transaction_id":'])("%j", async (arrived) => {
    const before = await countDeliveries();
    const head = `POST /api/postbacks/${org.source.token} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n`;
    const socket = connect(server.port, "127.0.0.1", () => socket.write(head + arrived, () => socket.end()));
    await vi.waitFor(async () => expect(await countDeliveries()).toBe(before + 1));
    expect(await lastStored()).toMatchObject({
      result: "quarantined",
      truncated_at: arrived.length,
      body: Buffer.from(arrived).toString("base64"),
    });
  });
});

describe("what cannot be understood is 200 quarantined with the reason, kept whole", () => {
  const cases: [string, Sent, RegExp][] = [
    ["unparsable: broken JSON", { body: '{"transaction_id":', headers: json }, /JSON/],
    ["unparsable: no transaction id", { query: "payout=1.00&currency=EUR" }, /transaction id|no .*id/i],
    ["unparsable: a JSON array of numbers", { body: "[1,2]", headers: json }, /./],
    ["unparsable: unknown status word", { query: "transaction_id=U1&payout=1&status=maybe" }, /maybe/],
    ["NUL in a form", { body: bytes("transaction_id=N1&payout=1", 0), headers: form }, /NUL/],
    ["NUL in JSON", { body: bytes('{"transaction_id":"N', 0, '2"}'), headers: json }, /NUL/],
    ["NUL in the query", { query: "transaction_id=N3%00&payout=1" }, /NUL/],
    ["charset: invalid UTF-8 in the query", { query: "transaction_id=%FF%FE&payout=1" }, /UTF-8/],
    ["unparsable: a broken escape in the query", { query: "transaction_id=E1&payout=1&sub1=a%zz" }, /%zz/],
    ["charset: invalid UTF-8 in a form", { body: bytes("transaction_id=", 0xff, 0xfe), headers: form }, /UTF-8/],
    [
      "charset: invalid UTF-8 in JSON",
      { body: bytes('{"transaction_id":"', 0xc3, 0x28, '"}'), headers: json },
      /UTF-8/,
    ],
    [
      "charset: declared as another",
      { body: "transaction_id=1", headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-16" } },
      /utf-16|charset/i,
    ],
    ["macro {x}", { query: "transaction_id={transaction_id}&payout=1" }, /macro|\{transaction_id\}/i],
    ["macro !!!x!!!", { query: "transaction_id=M1&payout=!!!commission!!!" }, /macro|!!!/i],
    ["macro #x#", { query: "transaction_id=M2&payout=1&click_id=%23admitad-click%23" }, /macro|#/i],
    ["amount 1,234", { query: "transaction_id=F1&payout=1,234" }, /ambiguous/],
    ["amount 1e3", { query: "transaction_id=F2&payout=1e3" }, /1e3/],
    [
      "amount 12.345 in EUR",
      { body: '{"transaction_id":"F3","payout":12.345,"currency":"EUR"}', headers: json },
      /12\.345/,
    ],
    ["amount empty", { query: "transaction_id=F4&payout=" }, /empty/],
    ["currency unknown", { query: "transaction_id=X1&payout=1&currency=XXX" }, /XXX/],
    ["currency lower-case word", { query: "transaction_id=X2&payout=1&currency=euro" }, /euro/i],
    ["currency as a number", { body: '{"transaction_id":"X3","payout":"1","currency":978}', headers: json }, /978/],
    ["duplicate JSON key", { body: '{"transaction_id":"K1","payout":1,"payout":2}', headers: json }, /payout/],
  ];
  test.each(cases)("%s", async (_name, sent, reason) => {
    const answer = await send(sent);
    expect(answer).toMatchObject({ status: 200, result: "quarantined", reason: expect.stringMatching(reason) });
    const row = await stored(answer.delivery);
    expect(row).toMatchObject({ result: "quarantined", truncated_at: null, reason: answer.reason });
    if (sent.body) expect(row?.body).toBe(Buffer.from(sent.body).toString("base64"));
  });

  test.each([
    ["JSON without its form field", { body: "Awin=1", headers: form }],
    ["a broken field", { body: 'AwinTransactionPush={"transactionId":', headers: form }],
    [
      "an amount as a word",
      {
        body: 'AwinTransactionPush={"transactionId":"1","commission":"much","transactionCurrency":"GBP"}',
        headers: form,
      },
    ],
  ])("Awin: %s", async (_name, sent) => {
    expect(await send({ ...sent, token: awin.token })).toMatchObject({ status: 200, result: "quarantined" });
  });
});

describe("a repeat is 200 duplicate, kept, without effect", () => {
  test.each([
    ["query", { query: "transaction_id=R1&payout=3.00&currency=EUR" }],
    ["form", { body: "transaction_id=R2&payout=3.00&currency=EUR", headers: form }],
    ["json", { body: '{"transaction_id":"R3","payout":3.00,"currency":"EUR"}', headers: json }],
  ])("%s", async (_name, sent) => {
    const first = await send(sent);
    const second = await send(sent);
    expect([first.result, second.result]).toEqual(["accepted", "duplicate"]);
    expect(second.reason).toContain(first.delivery);
    expect(await stored(second.delivery)).toMatchObject({ result: "duplicate" });
  });

  test("also when twenty copies arrive at once: one accepted, nineteen duplicates, one effect", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send({ query: "transaction_id=R20&payout=3.00&sub1=member-1" })),
    );
    expect(answers.map((a) => a.result).sort()).toEqual(["accepted", ...Array(19).fill("duplicate")]);
  });
});

test("over the rate limit is 429 with Retry-After, and nothing is stored", async () => {
  const first = await send({ token: slow.token, query: "transaction_id=T1&payout=1" });
  const before = await countDeliveries();
  expect(first.status).toBe(200);
  for (const sent of [
    { query: "transaction_id=T2&payout=1" },
    { body: "transaction_id=T3", headers: form },
    { body: "{", headers: json },
  ]) {
    expect(await send({ token: slow.token, ...sent })).toMatchObject({
      status: 429,
      retryAfter: expect.stringMatching(/^\d+$/),
    });
  }
  expect(await countDeliveries()).toBe(before);
});

test("with the database down it is 503 with Retry-After", async () => {
  const down = await openTestDatabase("postgres");
  await down.close();
  const server = await startPostbackServer(doorOf(down.database));
  for (const query of ["transaction_id=D1&payout=1", "nonsense", "transaction_id=D3"]) {
    expect(await send({ query }, server)).toMatchObject({ status: 503, retryAfter: "5" });
  }
  await server.close();
});

test("the token is not stored with the request", async () => {
  const answer = await send({ query: "transaction_id=P1&payout=1" });
  expect((await stored(answer.delivery))?.target).not.toContain(org.source.token);
});

test("none of it stops what is good from being processed", async () => {
  const processed = await opened.database.inOrganization(org.orgId, (tx) => processDeliveries(tx, { limit: 500 }, now));
  expect(processed).toBeGreaterThan(3);
});

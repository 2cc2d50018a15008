import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReadyDemo } from "@/scripts/demo/demo-state";
import { seedDemo } from "@/scripts/demo/history/seed-demo-database";
import { invitation } from "@/scripts/demo/launch-demo";
import { queryRows } from "@/server/db";
import { createInbox, handlePostback } from "@/server/deliveries";
import { verifyLedger } from "@/server/ledger";
import { isDemo, listOrganizationIds } from "@/server/organizations";
import { planBatch } from "@/server/payouts";
import { createPayPal } from "@/server/rails";
import { type PayPal, startPayPal } from "@/simulator/paypal/start-paypal";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

const now = new Date("2026-05-04T11:30:00Z");
const keys = { clientId: "seed-test", clientSecret: "seed-test-secret" };
let opened: TestDatabase;
let paypal: PayPal;
let demo: ReadyDemo;
let orgId: string;

beforeAll(async () => {
  opened = await openTestDatabase("pglite");
  paypal = await startPayPal({ ...keys, latencyMs: 0 });
  // A connection kept open may be closed while PGlite keeps this thread busy.
  const once = (url: string, init: RequestInit) =>
    fetch(url, { ...init, headers: { ...init.headers, connection: "close" } });
  const rail = createPayPal({ ...keys, baseUrl: paypal.url, fetch: once });
  demo = await seedDemo(opened.database, {
    now,
    rail,
    appUrl: "http://localhost:3000",
    setProviderClock: (at) => paypal.setClock(at),
  });
  [orgId = ""] = await opened.database.asOwner(listOrganizationIds);
}, 300_000);
afterAll(async () => {
  await opened.close();
  await paypal.close();
});

const rows = <Row extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
  opened.database.inOrganization(orgId, (tx) => queryRows<Row>(tx, statement));

async function count(from: ReturnType<typeof sql>): Promise<number> {
  const [row] = await rows<{ n: number }>(sql`select count(*)::int as n from ${from}`);
  return row?.n ?? -1;
}

test("the books of the demo agree, ours and the provider's", async () => {
  expect(await opened.database.inOrganization(orgId, verifyLedger)).toEqual([]);
  expect(paypal.books().violations).toEqual([]);
  const paid = await rows<{ id: string; state: string }>(sql`select id, state from payouts where state = 'paid'`);
  expect(paid.length).toBeGreaterThan(50);
  const { items } = paypal.books();
  for (const { id } of paid) expect(items[id]).toMatchObject({ accepted: 1, paid: 1, back: 0 });
});

test("the demo shows one failed, one returned and one unclaimed payout, a parked purchase, a quarantined request and repeats", async () => {
  expect(await count(sql`payouts where state = 'failed'`)).toBe(1);
  expect(await count(sql`payouts where state = 'returned'`)).toBe(1);
  expect(await count(sql`payouts where state = 'unclaimed'`)).toBe(1);
  expect(await count(sql`payouts where state in ('unknown', 'submitting', 'queued', 'planned')`)).toBe(0);
  expect(await count(sql`conversions where affiliate_id is null`)).toBe(1);
  expect(await count(sql`deliveries where result = 'quarantined'`)).toBe(1);
  expect(await count(sql`deliveries where result = 'duplicate'`)).toBeGreaterThan(10);
  expect(await count(sql`deliveries where result = 'accepted' and processed_at is null`)).toBe(0);
  expect(await count(sql`commissions where state = 'held'`)).toBeGreaterThan(50);
});

test("months of history stand in three currencies, each held, payable and paid", async () => {
  const states = await rows<{ currency: string; states: string[] }>(
    sql`select currency, array_agg(distinct state) as states from commissions group by currency order by currency`,
  );
  expect(states.map(({ currency }) => currency)).toEqual(["EUR", "JPY", "USD"]);
  for (const one of states) expect(one.states).toEqual(expect.arrayContaining(["held", "payable", "paid", "void"]));
  expect(await count(sql`conversions where event_at < '2026-01-15'`)).toBeGreaterThan(5);
  expect(await count(sql`conversions`)).toBeGreaterThanOrEqual(600);
  expect(await count(sql`payout_batches where state = 'finished'`)).toBe(9);
});

test("the visitor's first batch pays twenty or more, some of whom will fail, and says of everybody left out why", async () => {
  const [program] = await rows<{ id: string }>(sql`select id from programs where currency = 'EUR'`);
  const plan = {
    programId: program?.id ?? "",
    currency: "EUR",
    cutOff: now,
    plannedBy: "usr_test",
    railRefuses: () => null,
  };
  const rollback = new Error("only a look");
  const look = opened.database.inOrganization(orgId, async (tx) => {
    const { payouts, batchId } = await planBatch(tx, plan, now);
    expect(payouts).toBeGreaterThanOrEqual(20);
    const fated = await queryRows(
      tx,
      sql`select 1 from payouts where batch_id = ${batchId} and receiver ~ '^(fail|blocked|unclaimed)[+]'`,
    );
    expect(fated.length).toBeGreaterThanOrEqual(4);
    const reasons = await queryRows<{ validator: string }>(
      tx,
      sql`select distinct validator from batch_findings where batch_id = ${batchId} and blocks`,
    );
    expect(reasons.map(({ validator }) => validator)).toEqual(
      expect.arrayContaining(["destination", "threshold", "balance"]),
    );
    throw rollback;
  });
  await expect(look).rejects.toBe(rollback);
});

test("every paid payout has its mail, every mail was told in its own time, and nobody waits for one", async () => {
  const untold = sql`payouts p where p.state = 'paid' and not exists (select from mails m where m.cause = 'payout:' || p.id || ':paid')`;
  expect(await count(untold)).toBe(0);
  expect(await count(sql`mails where template = 'earnings_digest'`)).toBeGreaterThan(30);
  expect(await count(sql`mails where state <> 'sent' or sent_at > event_at + interval '1 day'`)).toBe(0);
});

test("the database is marked as demo data, and the visitor's roles are there", async () => {
  expect(await opened.database.asOwner(isDemo)).toBe(true);
  const people = await opened.database.asOwner((tx) =>
    queryRows<{ role: string; email: string }>(
      tx,
      sql`select m.role, u.email from memberships m join users u on u.id = m.user_id order by role`,
    ),
  );
  expect(people).toEqual([
    { role: "affiliate", email: demo.affiliate.email },
    { role: "owner", email: "operator@demo.example" },
  ]);
  expect(
    await count(
      sql`payouts p join affiliates a on a.id = p.affiliate_id where a.email = ${demo.affiliate.email} and p.state = 'paid'`,
    ),
  ).toBeGreaterThan(2);
});

test("the command offered to the visitor is accepted once, then a duplicate", async () => {
  const command = invitation(demo, "http://localhost:3000", now.getTime());
  expect(command).toMatch(/^curl "http:\/\/localhost:3000\/api\/postbacks\/[0-9a-z]{32}\?[^"\s]+"$/);
  const url = command.slice('curl "'.length, -1);
  const clock = () => now;
  const door = { inbox: createInbox(opened.database, clock, () => {}), clock, admit: () => 0 };
  const send = async () => (await handlePostback(new Request(url), demo.invitation.token, door)).json();
  expect(await send()).toMatchObject({ result: "accepted" });
  expect(await send()).toMatchObject({ result: "duplicate" });
});

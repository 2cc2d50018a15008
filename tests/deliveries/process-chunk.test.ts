import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Database, queryRows, type Tx } from "@/server/db";
import { createInbox, handlePostback, processChunk } from "@/server/deliveries";
import { Refusal } from "@/server/errors";
import { log } from "@/server/log";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization, type TestOrganization } from "@/tests/support/organization";

const now = new Date("2026-03-01T10:00:00Z");
const clock = () => now;
let opened: TestDatabase;
let org: TestOrganization;

beforeAll(async () => {
  vi.spyOn(log, "error").mockReturnValue(undefined);
  vi.spyOn(log, "warn").mockReturnValue(undefined);
  opened = await openTestDatabase("pglite");
  org = await setUpOrganization(opened.database, now, { affiliates: 1 });
});
afterAll(() => opened.close());

async function deliver(...orders: string[]): Promise<void> {
  const door = { inbox: createInbox(opened.database, clock, () => {}), clock, admit: () => 0 };
  for (const order of orders) {
    const query = `transaction_id=${order}&payout=1.00&currency=EUR&sub1=member-1`;
    const request = new Request(`http://localhost/api/postbacks/${org.source.token}?${query}`);
    expect((await handlePostback(request, org.source.token, door)).status).toBe(200);
  }
}

const outcomes = () =>
  opened.database.inOrganization(org.orgId, (tx) =>
    queryRows<{ external_id: string; result: string; reason: string | null; is_done: boolean }>(
      tx,
      sql`select external_id, result, reason, processed_at is not null as is_done from deliveries order by seq`,
    ),
  );

/** The database as it is, but for transactions that read a delivery of this order among those that wait. */
function failingOn(order: string, failure: () => Error): Database {
  const waits = (tx: Tx) =>
    queryRows(
      tx,
      sql`select 1 from deliveries where external_id = ${order} and result = 'accepted' and processed_at is null`,
    );
  return {
    ...opened.database,
    inOrganization: (orgId, work) =>
      opened.database.inOrganization(orgId, async (tx) => {
        const before = await waits(tx);
        const value = await work(tx);
        const after = await queryRows<{ result: string }>(
          tx,
          sql`select result from deliveries where external_id = ${order}`,
        );
        const wasProcessed = before.length > 0 && (await waits(tx)).length === 0 && after[0]?.result === "accepted";
        if (wasProcessed) throw failure();
        return value;
      }),
  };
}

test("a delivery that poisons its chunk is set aside with a reason that names no query, and its neighbours go on", async () => {
  await deliver("P1", "P2", "P3");
  const database = failingOn("P2", () => new Error("Failed query: insert into conversions …"));
  expect(await processChunk({ database, clock }, { orgId: org.orgId, limit: 10 })).toBe(3);
  expect(await outcomes()).toEqual([
    { external_id: "P1", result: "accepted", reason: null, is_done: true },
    {
      external_id: "P2",
      result: "quarantined",
      reason: "could not be processed: a fault of ours (unexpected); the log has it",
      is_done: true,
    },
    { external_id: "P3", result: "accepted", reason: null, is_done: true },
  ]);
});

const passing: [what: string, order: string, failure: () => Error][] = [
  ["a database that went away", "W0", () => new Refusal("unavailable", "the connection was lost")],
  ["a deadlock that would not end", "W1", () => Object.assign(new Error("deadlock"), { code: "40P01" })],
  ["a lock that was not had in time", "W2", () => Object.assign(new Error("lock"), { code: "55P03" })],
  ["a statement that took too long, also alone", "W3", () => Object.assign(new Error("timeout"), { code: "57014" })],
];
test.each(passing)("%s sets nothing aside: the delivery waits for the next try", async (_what, order, failure) => {
  await deliver(order);
  const database = failingOn(order, failure);
  await expect(processChunk({ database, clock }, { orgId: org.orgId, limit: 10 })).rejects.toThrow();
  expect((await outcomes()).at(-1)).toMatchObject({ external_id: order, result: "accepted" });
  expect(await processChunk({ database: opened.database, clock }, { orgId: org.orgId, limit: 10 })).toBeLessThan(10);
});

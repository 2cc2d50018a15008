import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attributeParked, recordConversions } from "@/server/conversions";
import { queryRows } from "@/server/db";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization, type TestOrganization } from "@/tests/support/organization";

const now = new Date("2026-03-01T10:00:00Z");

let opened: TestDatabase;
let org: TestOrganization;
beforeAll(async () => {
  opened = await openTestDatabase("postgres");
  org = await setUpOrganization(opened.database, now);
});
afterAll(() => opened.close());

test("a sweep of parked conversions waits for whoever writes conversions of the organization", async () => {
  const { database } = opened;
  const ended: string[] = [];
  let sweep: Promise<unknown> = Promise.resolve();
  await database.inOrganization(org.orgId, async (tx) => {
    const report = { externalId: "1", reward: { minor: 100n, currency: "EUR" }, clickRef: "member-9", subIds: {} };
    const from = { deliveryId: "dlv_1", sourceId: org.source.id, programId: org.programId };
    await recordConversions(tx, [{ ...from, trust: "claimed", receivedAt: now, report }], now);
    sweep = database
      .inOrganization(org.orgId, (other) => attributeParked(other, { after: null, limit: 10 }, now))
      .then(({ looked }) => ended.push(`the sweep looked at ${looked}`));
    for (let isWaiting = false; !isWaiting; ) {
      const waiting = await queryRows(
        tx,
        sql`select 1 from pg_locks l join pg_database d on d.oid = l.database
            where l.locktype = 'advisory' and not l.granted and d.datname = current_database()`,
      );
      isWaiting = waiting.length > 0;
    }
    ended.push("the writer");
  });
  await sweep;
  expect(ended).toEqual(["the writer", "the sweep looked at 1"]);
});

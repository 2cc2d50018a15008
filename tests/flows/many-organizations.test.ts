import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAffiliate, enrol } from "@/server/affiliates";
import { commissionJobs } from "@/server/commissions/jobs";
import { recordConversions } from "@/server/conversions";
import { conversionJobs } from "@/server/conversions/jobs";
import { queryRows } from "@/server/db";
import { engineBench, testClock } from "@/tests/engine/driver";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization } from "@/tests/support/organization";

/** More than a run may have steps. */
const ORGANIZATIONS = 1_010;

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase("postgres");
});
afterAll(() => opened.close());

test("with more organizations than a run may have steps, the last one's holds end and its parked conversions are credited", async () => {
  const { database } = opened;
  const clock = testClock();
  await database.asOwner((tx) =>
    tx.execute(
      sql`insert into organizations (id, name, created_at)
          select 'org_0' || lpad(n::text, 25, '0'), 'Other', ${clock.now().toISOString()}::timestamptz from generate_series(1, ${ORGANIZATIONS}) n`,
    ),
  );
  const org = await setUpOrganization(database, clock.now(), { holdDays: 0 });
  await database.inOrganization(org.orgId, async (tx) => {
    const delivered = ["member-1", "member-2"].map((sub1, n) => ({
      deliveryId: `dlv_${n}`,
      sourceId: org.source.id,
      programId: org.programId,
      trust: "claimed" as const,
      receivedAt: clock.now(),
      report: {
        externalId: sub1,
        status: "approved" as const,
        reward: { minor: 1_000n, currency: "EUR" },
        subIds: { sub1 },
      },
    }));
    await recordConversions(tx, delivered, clock.now());
    const affiliateId = await createAffiliate(
      tx,
      { name: "Late", email: "late@example.com", externalId: "member-2" },
      clock.now(),
    );
    await enrol(tx, { programId: org.programId, affiliateId }, clock.now());
  });
  const { engine, client, attach } = engineBench(database, { clock });
  const context = { inngest: client, database, clock: clock.now, rails: [] };
  await attach([...conversionJobs(context), ...commissionJobs(context)]);
  // The engine learns its crons; the sweep credits; the next minute's release sees what it credited.
  for (const minutes of [1, 1, 1]) {
    await engine.drain();
    clock.forward(minutes * 60_000);
  }
  await engine.drain();
  const rows = await database.inOrganization(org.orgId, (tx) =>
    queryRows(
      tx,
      sql`select c.external_id, m.state, m.amount_minor::text from conversions c join commissions m on m.conversion_id = c.id order by 1`,
    ),
  );
  expect(rows).toEqual([
    { external_id: "member-1", state: "payable", amount_minor: "500" },
    { external_id: "member-2", state: "payable", amount_minor: "500" },
  ]);
}, 180_000);

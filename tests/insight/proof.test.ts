import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, queryRows } from "@/server/db";
import { currentProof } from "@/server/insight/current-proof";
import { applyReports } from "@/server/payouts";
import { createCallerFactory } from "@/server/trpc/init";
import { appRouter } from "@/server/trpc/router";
import { openDesk } from "@/tests/payouts/desk";
import { says } from "@/tests/payouts/fake-rail";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization } from "@/tests/support/organization";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase("pglite");
});
afterAll(() => opened.close());

async function openScreen() {
  let now = new Date("2026-03-01T10:00:00Z");
  let reads = 0;
  const org = await setUpOrganization(opened.database, now);
  const inOrganization: Database["inOrganization"] = (orgId, work) => {
    reads++;
    return opened.database.inOrganization(orgId, work);
  };
  const caller = createCallerFactory(appRouter)({
    actor: { side: "operator", role: "owner", userId: "u", name: "Op", orgId: org.orgId },
    database: { ...opened.database, inOrganization },
    clock: () => now,
    rails: [],
    send: async () => {},
  });
  /** A delivery that was said to be processed and left nothing behind. */
  const lose = (externalId: string) =>
    opened.database.inOrganization(org.orgId, (tx) =>
      tx.execute(
        sql`insert into deliveries (id, source_id, received_at, method, target, headers, body, signed, result, external_id, processed_at)
            values (${`dlv_${externalId}`}, ${org.source.id}, now(), 'GET', '/', '{}', '', 'unsigned', 'accepted', ${externalId}, now())`,
      ),
    );
  return {
    orgId: org.orgId,
    lose,
    proof: () => caller.overview.proof(),
    reads: () => reads,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
  };
}

test("a delivery that left nothing behind is counted as lost", async () => {
  const screen = await openScreen();
  await screen.lose("gone");
  expect(await screen.proof()).toEqual({
    accepted: 1,
    duplicates: 0,
    lost: 1,
    paidTwice: 0,
    countedAt: new Date("2026-03-01T10:00:00Z"),
  });
});

test("the proof is counted once a minute at most, however many ask, and says when it was", async () => {
  const screen = await openScreen();
  await Promise.all([screen.proof(), screen.proof(), screen.proof()]);
  await screen.lose("later");
  screen.pass(59_000);
  expect(await screen.proof()).toMatchObject({ lost: 0, countedAt: new Date("2026-03-01T10:00:00Z") });
  const reads = screen.reads();
  expect(reads).toBeLessThan(5);
  screen.pass(1_000);
  expect(await screen.proof()).toMatchObject({ lost: 1, countedAt: new Date("2026-03-01T10:01:00Z") });
  expect(screen.reads()).toBe(2 * reads);
});

test("of a long log a part is counted each time, the end always and everything by and by", async () => {
  const screen = await openScreen();
  for (let n = 0; n < 40; n++) await screen.lose(`n${n}`);
  const { database } = opened;
  const counted = (minute: number) => currentProof(database, screen.orgId, new Date(minute * 60_000), 2);
  expect(await counted(1)).toMatchObject({ accepted: 40, lost: 40, countedAt: new Date(60_000) });
  const [first] = await database.inOrganization(screen.orgId, (tx) =>
    queryRows<{ id: string }>(tx, sql`select id from deliveries order by seq limit 1`),
  );
  await screen.lose("newest");
  expect(await counted(2)).toMatchObject({ accepted: 41 });
  await database.inOrganization(screen.orgId, (tx) =>
    tx.execute(sql`update deliveries set processed_at = null where id = ${first?.id}`),
  );
  const later = [];
  for (let minute = 3; minute < 16; minute++) later.push((await counted(minute)).lost);
  expect(later.at(-1)).toBe(40);
  expect((await counted(16)).countedAt.getTime()).toBeGreaterThan(60_000);
});

test("a movement that two paid payouts contain is counted as paid twice", async () => {
  const desk = await openDesk(opened, 1);
  await desk.earn({ member: 1, order: "o", minor: 2000n });
  const proofAt = (ms: number) => currentProof(opened.database, desk.org.orgId, new Date(ms));
  const first = await desk.payOut();
  const items = (payouts: readonly { id: string }[], word: string) => payouts.map(({ id }) => says(id, word));
  const report = (attemptId: string, payouts: readonly { id: string }[], word: string) => {
    desk.pass(1000);
    return desk.inOrg((tx) => applyReports(tx, { attemptId, items: items(payouts, word) }, desk.now()));
  };
  await report(first.attemptId, first.payouts, "FAILED");
  const second = await desk.payOut();
  await report(second.attemptId, second.payouts, "SUCCESS");
  expect(await proofAt(0)).toMatchObject({ paidTwice: 0 });
  // What must never happen: the books are made to say so.
  await desk.inOrg((tx) => tx.execute(sql`update payouts set state = 'paid' where id = ${first.payouts[0]?.id}`));
  expect(await proofAt(60_000)).toMatchObject({ paidTwice: 1 });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { releaseHolds } from "@/server/commissions";
import { createInbox, handlePostback, processDeliveries } from "@/server/deliveries";
import { type Context, createCallerFactory } from "@/server/trpc/init";
import { appRouter } from "@/server/trpc/router";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization, type TestOrganization } from "@/tests/support/organization";

let opened: TestDatabase;
let org: TestOrganization;
let now = new Date("2026-03-01T10:00:00Z");
const clock = () => now;

beforeAll(async () => {
  opened = await openTestDatabase("pglite");
  org = await setUpOrganization(opened.database, now, { affiliates: 2 });
});
afterAll(() => opened.close());

const callAs = (actor: Context["actor"]) =>
  createCallerFactory(appRouter)({ actor, database: opened.database, clock, rails: [], send: async () => {} });
const operator = () => callAs({ side: "operator", role: "owner", userId: "u", name: "Op", orgId: org.orgId });
const affiliate = (index: number) =>
  callAs({
    side: "affiliate",
    userId: "a",
    name: "Aff",
    orgId: org.orgId,
    affiliateId: org.affiliates[index]?.id ?? "",
  });

test("every amount is explained back to the raw bytes that caused it, and only to those who may see it", async () => {
  const door = { inbox: createInbox(opened.database, clock, () => {}), clock, admit: () => 0 };
  const query = "sub1=member-1&transaction_id=T1&payout=10.01&currency=EUR&status=approved";
  await handlePostback(
    new Request(`http://localhost/api/postbacks/${org.source.token}?${query}`),
    org.source.token,
    door,
  );
  await opened.database.inOrganization(org.orgId, (tx) => processDeliveries(tx, { limit: 10 }, now));

  const { rows } = await operator().conversions.list({});
  expect(rows).toHaveLength(1);
  const trace = await operator().conversions.trace({ conversionId: rows[0]?.id ?? "" });
  expect(trace.explanation).toContain("50 % of the reward of 10.01 EUR is 5.005 EUR");
  expect(trace.stage).toMatchObject({
    current: "approved",
    holder: "us",
    next: { expected: new Date("2026-03-31T09:00:00Z") },
  });
  const sums = trace.commission?.effects
    .flatMap((effect) => effect.entries)
    .reduce((sum, entry) => sum + entry.amount.minor, 0n);
  expect(sums).toBe(0n);
  const delivery = await operator().deliveries.get({ deliveryId: trace.conversion.changes[0]?.deliveryId ?? "" });
  expect(delivery.target).toContain(query);
  expect(delivery.changes).toMatchObject([{ conversionId: rows[0]?.id, toStatus: "approved", applied: true }]);

  const mine = await affiliate(0).portal.earnings({});
  expect(mine.rows).toMatchObject([
    { externalId: "T1", commission: { amount: { minor: 500n, currency: "EUR" } }, stage: { current: "approved" } },
  ]);
  expect((await affiliate(1).portal.earnings({})).rows).toEqual([]);
  await expect(affiliate(1).portal.earning({ conversionId: rows[0]?.id ?? "" })).rejects.toThrow(/does not exist/);
  await expect(affiliate(0).conversions.list({})).rejects.toThrow(/not for affiliates/);
  await expect(callAs(null).overview.balances()).rejects.toThrow(/sign in/);
});

test("the portal shows what is held with its date, then what is available", async () => {
  expect(await affiliate(0).portal.balances()).toMatchObject([
    {
      currency: "EUR",
      available: { minor: 0n },
      held: { minor: 500n },
      releases: [{ on: "2026-03-31", amount: { minor: 500n } }],
    },
  ]);
  now = new Date("2026-04-01T10:00:00Z");
  await opened.database.inOrganization(org.orgId, (tx) => releaseHolds(tx, { limit: 10 }, now));
  expect(await affiliate(0).portal.balances()).toMatchObject([
    { currency: "EUR", available: { minor: 500n }, held: { minor: 0n }, releases: [] },
  ]);
});

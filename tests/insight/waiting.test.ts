import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyReports } from "@/server/payouts";
import { createCallerFactory } from "@/server/trpc/init";
import { appRouter } from "@/server/trpc/router";
import { openDesk } from "@/tests/payouts/desk";
import { says } from "@/tests/payouts/fake-rail";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

type Desk = Awaited<ReturnType<typeof openDesk>>;
type Count = "parked" | "unpriced" | "unknown" | "failed" | "quarantined" | "drafts";

const FAILED = ["FAILED"] as const;

/** Three payouts of one batch, each told as given. */
async function payOut(desk: Desk, told: readonly string[]) {
  for (const [index] of told.entries()) await desk.earn({ member: index + 1, order: `o${index}`, minor: 2000n });
  const { attemptId, payouts } = await desk.payOut();
  desk.pass(1000);
  const items = payouts.map(({ id }, index) => says(id, told[index] ?? "SUCCESS"));
  await desk.inOrg((tx) => applyReports(tx, { attemptId, items }, desk.now()));
  return payouts.map(({ id }) => id);
}

const SITUATIONS: [string, (desk: Desk) => Promise<unknown>, Partial<Record<Count, number>>, string?][] = [
  ["nothing", async () => {}, {}],
  [
    "conversions without affiliate, one of them declined and one reversed",
    (desk) =>
      desk.earn(
        { member: 99, order: "a", minor: 1n },
        { member: 99, order: "b", minor: 1n, status: "pending" },
        { member: 99, order: "c", minor: 1n, status: "declined" },
        { member: 99, order: "d", minor: 1n, status: "reversed" },
      ),
    { parked: 2 },
  ],
  [
    "conversions from before the first rule, one of them declined",
    (desk) => desk.earn({ member: 1, order: "a", minor: 1n }, { member: 1, order: "b", minor: 1n, status: "declined" }),
    { unpriced: 1 },
    "2019-12-31T10:00:00Z",
  ],
  [
    "payouts that failed, came back and were taken back",
    (desk) => payOut(desk, ["FAILED", "RETURNED", "SUCCESS"]),
    { failed: 2 },
  ],
  [
    "a failed payout that was tried again, and is on its way",
    async (desk) => operator(desk).payouts.batches.retry({ payoutIds: await payOut(desk, FAILED) }),
    {},
  ],
  [
    "a failed payout whose money the next batch took",
    async (desk) => {
      await payOut(desk, FAILED);
      await desk.payOut();
    },
    {},
  ],
  [
    "a failed payout whose money is in a draft",
    async (desk) => {
      await payOut(desk, FAILED);
      await desk.plan();
    },
    { drafts: 1 },
  ],
  [
    "a draft that was discarded",
    async (desk) => {
      await payOut(desk, FAILED);
      const { batchId } = await desk.plan();
      await operator(desk).payouts.batches.discard({ batchId });
    },
    { failed: 1 },
  ],
];

/** Tasks about which no other figure speaks. */
const ALARMS = ["payout_accepted_twice", "payout_waiting"];

function operator(desk: Desk) {
  return createCallerFactory(appRouter)({
    actor: { side: "operator", role: "owner", userId: "usr_1", name: "Op", orgId: desk.org.orgId },
    database: desk.database,
    clock: desk.now,
    rails: [],
    send: async () => {},
  });
}

describe.each(["pglite", "postgres"] as const)("what the Overview counts, on %s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened.close());

  test.each(SITUATIONS)("is what its lists show: %s", async (_name, make, expected, start) => {
    const desk = await openDesk(opened, 3, start);
    await make(desk);
    const { overview, conversions, payouts, deliveries, tasks } = operator(desk);
    const listed = {
      quarantined: (await deliveries.list({ result: "quarantined" })).rows.length,
      parked: (await conversions.list({ attention: "parked" })).rows.length,
      unpriced: (await conversions.list({ attention: "unpriced" })).rows.length,
      drafts: (await payouts.batches.list({})).filter(({ state }) => state === "draft").length,
      unknown: (await payouts.attention({ kind: "unknown" })).length,
      failed: (await payouts.attention({ kind: "failed" })).length,
      alarms: (await tasks.list({})).rows.filter(({ kind }) => ALARMS.includes(kind)).length,
    };
    expect(listed).toEqual({
      quarantined: 0,
      parked: 0,
      unpriced: 0,
      drafts: 0,
      unknown: 0,
      failed: 0,
      alarms: 0,
      ...expected,
    });
    expect(await overview.waiting()).toEqual(listed);
  });
});

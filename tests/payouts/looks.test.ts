import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkDueAttempts } from "@/server/payouts/check-due-attempts";
import { stalledBatches } from "@/server/payouts/due-attempts";
import type { LookUpOutcome } from "@/server/rails";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { openDesk } from "./desk";
import { accepted, fakeRail, found, lost, rejected, says } from "./fake-rail";

const MINUTE = 60_000;

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened.close());

  async function approved(affiliates: number) {
    const desk = await openDesk(opened, affiliates);
    for (let member = 1; member <= affiliates; member++) await desk.earn({ member, order: `o${member}`, minor: 2000n });
    const { batchId } = await desk.plan();
    await desk.approve(batchId);
    return { desk, batchId };
  }

  /** A batch whose payouts went out one by one, with what the provider says of each submission. */
  async function sent(affiliates: number, answer: (place: number, payoutId: string) => LookUpOutcome) {
    const { desk, batchId } = await approved(affiliates);
    const asked: string[] = [];
    const payoutIds: string[] = [];
    const rail = Object.assign(fakeRail(), {
      lookUp: async (providerBatchId: string) => {
        asked.push(providerBatchId);
        const place = Number(providerBatchId.slice(3));
        return answer(place, payoutIds[place] ?? "");
      },
    });
    for (let place = 0; place < affiliates; place++) {
      const claim = await desk.claim(batchId, rail, 1);
      payoutIds.push(claim?.submission.body.match(/pay_\w+/)?.[0] ?? "");
      await desk.record(claim?.attemptId ?? "", accepted(`PB-${place}`));
      desk.pass(1);
    }
    const work = { database: desk.database, rails: [rail], clock: desk.now };
    const look = () => checkDueAttempts(work, { orgId: desk.org.orgId });
    return { desk, batchId, asked, look };
  }

  const says0 = (payoutId: string) => [says(payoutId, "SUCCESS")];
  // What Postgres cannot store, what breaks a rule of ours, and what is a fault of the rail's own code.
  const unrecordable: Record<string, (payoutId: string) => LookUpOutcome> = {
    "a text that no database takes": (id) => found("A\0B", says0(id)),
    "an amount beyond every column": (id) =>
      found("SUCCESS", [says(id, "SUCCESS", { fee: { minor: 10n ** 30n, currency: "USD" } })]),
    "an error of the rail's own": () => {
      throw new TypeError("cannot read properties of undefined");
    },
  };
  test.each(Object.keys(unrecordable))(
    "a look that brings %s comes again in an hour, and keeps no other back",
    async (what) => {
      const answer = unrecordable[what];
      const { desk, batchId, asked, look } = await sent(3, (place, id) =>
        place === 0 && answer ? answer(id) : found("SUCCESS", says0(id)),
      );
      desk.pass(MINUTE);
      expect(await look()).toMatchObject({ looks: 3 });
      expect((await desk.states(batchId)).sort()).toEqual(["paid", "paid", "submitted"]);
      expect(await look()).toMatchObject({ looks: 0, nextMs: desk.now().getTime() + 60 * MINUTE });
      desk.pass(60 * MINUTE);
      expect(await look()).toMatchObject({ looks: 1 });
      expect(asked).toEqual(["PB-0", "PB-1", "PB-2", "PB-0"]);
      await desk.expectSound();
    },
  );

  test("a round of looks at a slow rail ends after a minute; the next one begins with what it left", async () => {
    const { desk, asked, look } = await sent(3, () => {
      desk.pass(40_000);
      return { kind: "unknown", reason: "no answer within 30 s" };
    });
    desk.pass(MINUTE);
    expect(await look()).toMatchObject({ looks: 2 });
    expect(asked).toEqual(["PB-0", "PB-1"]);
    await look();
    expect(asked[2]).toBe("PB-2");
  });

  describe("a batch whose run was lost", () => {
    const stalled = (desk: Awaited<ReturnType<typeof openDesk>>) =>
      desk.inOrg((tx) =>
        stalledBatches(tx, { quietSince: new Date(desk.now().getTime() - 2 * MINUTE), unknownsMax: 3 }, desk.now()),
      );
    const claimAndRecord = async (
      desk: Awaited<ReturnType<typeof openDesk>>,
      batchId: string,
      outcome: Parameters<typeof desk.record>[1],
    ) => {
      const attemptId = (await desk.claim(batchId, fakeRail(), 1))?.attemptId ?? "";
      await desk.record(attemptId, outcome);
      return attemptId;
    };

    test("is found while what it has sent is still being looked at", async () => {
      const { desk, batchId } = await approved(2);
      const attemptId = await claimAndRecord(desk, batchId, accepted());
      expect(await stalled(desk), "somebody has just sent of it").toEqual([]);
      desk.pass(3 * MINUTE);
      await desk.rows(
        sql`update attempts set updated_at = ${desk.now().toISOString()} where id = ${attemptId} returning id`,
      );
      expect(await stalled(desk)).toEqual([batchId]);
    });

    test("is left alone while it waits to repeat a submission, or while somebody does", async () => {
      const { desk, batchId } = await approved(2);
      const attemptId = await claimAndRecord(desk, batchId, rejected({ retryable: true, retryAfterSeconds: 600 }));
      desk.pass(3 * MINUTE);
      expect(await stalled(desk), "its time has not come").toEqual([]);
      desk.pass(10 * MINUTE);
      expect(await stalled(desk)).toEqual([batchId]);
      await desk.rows(
        sql`update attempts set updated_at = ${desk.now().toISOString()} where id = ${attemptId} returning id`,
      );
      expect(await stalled(desk), "it is being sent").toEqual([]);
    });

    test("is not sent on to a rail that has lost three of its answers and is still asked about them", async () => {
      const { desk, batchId } = await approved(5);
      const attemptIds: string[] = [];
      for (let n = 1; n <= 3; n++) {
        desk.pass(3 * MINUTE);
        expect(await stalled(desk), `${n - 1} answers are lost`).toEqual([batchId]);
        attemptIds.push(await claimAndRecord(desk, batchId, lost()));
      }
      desk.pass(3 * MINUTE);
      expect(await stalled(desk)).toEqual([]);
      await desk.record(attemptIds[0] ?? "", accepted());
      desk.pass(3 * MINUTE);
      expect(await stalled(desk)).toEqual([batchId]);
      await desk.expectSound();
    });
  });
});

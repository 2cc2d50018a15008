import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { markCommissions } from "@/server/commissions";
import { queryRows } from "@/server/db";
import { verifyLedger } from "@/server/ledger";
import { type Flow, openFlow } from "./open-flow";

const begunAt = new Date("2026-01-01T09:00:00Z");
const later = new Date("2026-03-10T09:00:00Z");

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  let flow: Flow;

  beforeAll(async () => {
    flow = await openFlow(kind, begunAt);
    // Holds of 30 days, all over on the 10th of March.
    for (const order of ["W1", "W2", "W3", "W4", "W5"])
      await flow.tell(`sub1=member-1&transaction_id=${order}&payout=2.00&status=pending`, begunAt);
  });
  afterAll(() => flow.close());

  /** What a source says of one order, word by word; "release" ends the holds that are over. */
  async function live(order: string, words: readonly string[]) {
    for (const word of words) {
      if (word === "release") await flow.release(later);
      else await flow.tell(`sub1=member-1&transaction_id=${order}&payout=2.00&status=${word}`, later);
    }
    return flow.standingOf(order);
  }

  async function mark(order: string, state: "in_batch" | "paid") {
    await flow.inOrg(async (tx) => {
      const rows = await queryRows<{ id: string }>(
        tx,
        sql`select m.id from commissions m join conversions c on c.id = m.conversion_id where c.external_id = ${order}`,
      );
      await markCommissions(tx, { commissionIds: rows.map(({ id }) => id), state }, later);
    });
  }

  async function releasesOf(order: string): Promise<string[]> {
    const rows = await flow.inOrg((tx) =>
      queryRows<{ event_at: string }>(
        tx,
        sql`select e.event_at from commission_effects e join commissions m on m.id = e.commission_id join conversions c on c.id = m.conversion_id
            where c.external_id = ${order} and e.kind = 'release' order by e.version`,
      ),
    );
    return rows.map((row) => new Date(row.event_at).toISOString());
  }

  const held = { affiliate_held: "-100", margin_held: "-100", network_receivable_claimed: "200" };
  const payable = { affiliate_payable: "-100", margin_earned: "-100", network_receivable_claimed: "200" };

  test("what was declined after its release and is only pending again is held, not payable, until it is approved", async () => {
    const pending = await live("W1", ["approved", "release", "declined", "pending", "release"]);
    expect(pending).toMatchObject({ state: "held", approved: false, released: false, amount: "100", books: held });
    const approved = await live("W1", ["approved", "release"]);
    expect(approved).toMatchObject({ state: "payable", released: true, amount: "100", books: payable });
    expect(approved.effects).toEqual(["accrue", "approve", "release", "decline", "reinstate", "approve", "release"]);
  });

  test("a withdrawn approval is told as one, and takes what is payable back on hold", async () => {
    expect(await live("W2", ["approved", "pending"])).toMatchObject({
      state: "held",
      books: held,
      effects: ["accrue", "approve", "unapprove"],
    });
    expect(await live("W2", ["approved", "release", "pending", "release"])).toMatchObject({
      state: "held",
      approved: false,
      books: held,
    });
    expect((await live("W2", ["approved", "release"])).books).toEqual(payable);
  });

  test("what a payout has stays with it while the source is undecided, and is taken back when it is declined", async () => {
    await live("W3", ["approved", "release"]);
    await mark("W3", "in_batch");
    expect(await live("W3", ["pending"])).toMatchObject({ state: "in_batch", approved: false, books: payable });
    await mark("W3", "paid");
    expect(await live("W3", ["declined"])).toMatchObject({ state: "clawed_back", amount: "0", books: {} });
  });

  test("after a clawback a pending report owes again on hold while the payout is still owed back; approval settles both", async () => {
    await live("W4", ["approved", "release"]);
    await mark("W4", "in_batch");
    await mark("W4", "paid");
    const pending = await live("W4", ["reversed", "pending", "release"]);
    expect(pending).toMatchObject({ state: "held", books: held });
    expect(await movedOf("W4")).toEqual({ held: "100", payable: "0" });
    expect(await live("W4", ["approved", "release"])).toMatchObject({ state: "payable", books: payable });
    expect(await movedOf("W4")).toEqual({ held: "0", payable: "100" });
  });

  async function movedOf(order: string) {
    const [row] = await flow.inOrg((tx) =>
      queryRows(
        tx,
        sql`select sum(e.held_delta_minor)::text as held, sum(e.payable_delta_minor)::text as payable from commission_effects e
            join commissions m on m.id = e.commission_id join conversions c on c.id = m.conversion_id where c.external_id = ${order}`,
      ),
    );
    return row;
  }

  test("a release is dated when hold and approval had both come about", async () => {
    await live("W5", ["approved", "release"]);
    expect(await releasesOf("W5")).toEqual([later.toISOString()]);
    await flow.tell("sub1=member-1&transaction_id=W6&payout=2.00&status=approved", later);
    await flow.release(new Date("2026-06-01T09:00:00Z"));
    expect(await releasesOf("W6")).toEqual(["2026-04-09T08:00:00.000Z"]);
  });

  test("the books balance after all of it", async () => {
    expect(await flow.inOrg(verifyLedger)).toEqual([]);
  });
});

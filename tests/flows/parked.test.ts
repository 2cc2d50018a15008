import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAffiliate, enrol } from "@/server/affiliates";
import { recordClicks } from "@/server/attribution";
import { attributeParked } from "@/server/conversions";
import { queryRows } from "@/server/db";
import { createInbox, handlePostback, processDeliveries, replayDelivery } from "@/server/deliveries";
import { verifyLedger } from "@/server/ledger";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization, type TestOrganization } from "@/tests/support/organization";

const now = new Date("2026-03-01T10:00:00Z");

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  let opened: TestDatabase;
  let org: TestOrganization;

  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    org = await setUpOrganization(opened.database, now);
  });
  afterAll(() => opened.close());

  const inOrg = <T>(work: Parameters<typeof opened.database.inOrganization<T>>[1]) =>
    opened.database.inOrganization(org.orgId, work);

  const sweep = (limit = 10, after: string | null = null) => inOrg((tx) => attributeParked(tx, { limit, after }, now));

  async function receive(query: string, at = now): Promise<{ result: string; delivery: string }> {
    const door = {
      inbox: createInbox(
        opened.database,
        () => now,
        () => {},
      ),
      clock: () => now,
      admit: () => 0,
    };
    const request = new Request(`http://localhost/api/postbacks/${org.source.token}?${query}`);
    const answer = (await (await handlePostback(request, org.source.token, door)).json()) as {
      result: string;
      delivery: string;
    };
    await inOrg((tx) => processDeliveries(tx, { limit: 10 }, at));
    return answer;
  }

  async function conversion(order: string) {
    const [row] = await inOrg((tx) =>
      queryRows<{ affiliate_id: string | null; unattributed_reason: string | null; amount_minor: string | null }>(
        tx,
        sql`select c.affiliate_id, c.unattributed_reason, m.amount_minor from conversions c
            left join commissions m on m.conversion_id = c.id where c.external_id = ${order}`,
      ),
    );
    return row;
  }

  test("a conversion whose click is not known yet is parked with the reason, and credited when the click turns up", async () => {
    const clickId = "clk_01kjlate000000000000000000";
    await receive(`click_id=${clickId}&transaction_id=P1&payout=10.00&status=approved`);
    expect(await conversion("P1")).toMatchObject({
      affiliate_id: null,
      amount_minor: null,
      unattributed_reason: expect.stringContaining(clickId),
    });
    expect(await sweep()).toEqual({ looked: 1, credited: 0, next: null });
    const affiliateId = org.affiliates[0]?.id ?? "";
    const click = {
      linkId: "lnk_x",
      programId: org.programId,
      affiliateId,
      userAgent: null,
      referrer: null,
      eventAt: now,
    };
    await inOrg((tx) => recordClicks(tx, [{ id: clickId, orgId: org.orgId, ...click }], now));
    expect(await sweep()).toEqual({ looked: 1, credited: 1, next: null });
    expect(await conversion("P1")).toEqual({
      affiliate_id: affiliateId,
      amount_minor: "500",
      unattributed_reason: null,
    });
    expect(await inOrg(verifyLedger)).toEqual([]);
  });

  test("a conversion that names an affiliate we meet later is credited then", async () => {
    await receive("sub1=member-77&transaction_id=P2&payout=4.00&status=pending");
    expect(await conversion("P2")).toMatchObject({ affiliate_id: null });
    const affiliateId = await inOrg(async (tx) => {
      const id = await createAffiliate(tx, { name: "Late", email: "late@example.com", externalId: "member-77" }, now);
      await enrol(tx, { programId: org.programId, affiliateId: id }, now);
      return id;
    });
    expect(await sweep()).toEqual({ looked: 1, credited: 1, next: null });
    expect(await conversion("P2")).toMatchObject({ affiliate_id: affiliateId, amount_minor: "200" });
  });

  test("a page of conversions that cannot be credited keeps none behind it from being credited, and each gets the reason of now", async () => {
    const stranger = await inOrg((tx) =>
      createAffiliate(tx, { name: "Stranger", email: "stranger@example.com", externalId: "member-88" }, now),
    );
    // Once each is known, the first value decides: somebody who is not enrolled.
    for (const order of ["P10", "P11", "P12"])
      await receive(`sub1=member-88&sub2=member-1&transaction_id=${order}&payout=1.00&status=pending`);
    // Behind the others: ids are in the order of time.
    await receive("sub1=member-99&transaction_id=P13&payout=4.00&status=pending", new Date(now.getTime() + 1000));
    const notEnrolled = `affiliate ${stranger} is not enrolled in program ${org.programId}`;
    expect(await conversion("P10")).toMatchObject({ unattributed_reason: notEnrolled });
    await inOrg((tx) =>
      tx.execute(sql`update conversions set unattributed_reason = 'stale' where external_id in ('P10', 'P11', 'P12')`),
    );
    const late = await inOrg(async (tx) => {
      const id = await createAffiliate(tx, { name: "Later", email: "later@example.com", externalId: "member-99" }, now);
      await enrol(tx, { programId: org.programId, affiliateId: id }, now);
      return id;
    });
    const first = await sweep(2);
    expect(first).toEqual({ looked: 2, credited: 0, next: expect.stringMatching(/^cnv_/) });
    const second = await sweep(2, first.next);
    expect(second).toMatchObject({ looked: 2, credited: 1 });
    for (const order of ["P10", "P11", "P12"])
      expect(await conversion(order)).toMatchObject({ affiliate_id: null, unattributed_reason: notEnrolled });
    expect(await conversion("P13")).toMatchObject({ affiliate_id: late, amount_minor: "200" });
    expect(await sweep(2, second.next)).toEqual({ looked: 0, credited: 0, next: null });

    await inOrg((tx) => enrol(tx, { programId: org.programId, affiliateId: stranger }, now));
    expect(await sweep()).toEqual({ looked: 3, credited: 3, next: null });
    expect(await inOrg(verifyLedger)).toEqual([]);
  });

  test("a reference whose cut would halve a surrogate pair parks its conversion and keeps its neighbours going", async () => {
    const reference = `${"x".repeat(59)}\u{1F600}`;
    await receive(`sub1=${encodeURIComponent(reference)}&transaction_id=P20&payout=1.00&status=pending`);
    expect(await conversion("P20")).toMatchObject({ unattributed_reason: expect.stringContaining(`"${reference}"`) });
    await inOrg((tx) => tx.execute(sql`update conversions set click_ref = null where external_id = 'P20'`));
  });

  test("a sweep among many affiliates and clicks reads those it was given, not all there are", async () => {
    await inOrg(async (tx) => {
      const at = sql`${now.toISOString()}::timestamptz`;
      await tx.execute(
        sql`insert into affiliates (id, name, email, external_id, created_at)
            select 'aff_many_' || n, 'Many', 'many@example.com', 'many-' || n, ${at} from generate_series(1, 2000) n`,
      );
      await tx.execute(
        sql`insert into clicks (id, link_id, program_id, affiliate_id, event_at, created_at)
            select 'clk_many_' || n, 'lnk_x', ${org.programId}, 'aff_many_' || (n % 2000 + 1), ${at}, ${at} from generate_series(1, 20000) n`,
      );
      await tx.execute(
        sql`insert into conversions (id, source_id, program_id, external_id, network_status, trust, click_ref, sub_ids, ordering_keys,
              unattributed_reason, version, event_at, updated_at, created_at)
            select 'cnv_many_' || n, ${org.source.id}, ${org.programId}, 'many-' || n, 'pending', 'claimed', 'nobody-' || n,
              jsonb_build_object('sub2', 'no-' || n, 'sub3', 'none-' || n), '{}', 'unknown', 1, ${at}, ${at}, ${at} from generate_series(1, 500) n`,
      );
    });
    expect(await sweep(1000)).toEqual({ looked: 501, credited: 0, next: null });
  }, 10_000);

  test("a quarantined delivery is replayed with the source's settings of now; any other is refused", async () => {
    const { delivery, result } = await receive("sub1=member-1&transaction_id=P3&payout=1.234,50&status=pending");
    expect(result).toBe("quarantined");
    expect(await inOrg((tx) => replayDelivery(tx, { deliveryId: delivery, by: "Anna" }, now))).toMatchObject({
      result: "quarantined",
    });
    await inOrg((tx) => tx.execute(sql`update sources set amount_format = 'de' where id = ${org.source.id}`));
    expect(await inOrg((tx) => replayDelivery(tx, { deliveryId: delivery, by: "Anna" }, now))).toEqual({
      result: "accepted",
      reason: null,
    });
    await inOrg((tx) => processDeliveries(tx, { limit: 10 }, now));
    expect(await conversion("P3")).toMatchObject({ amount_minor: "61725" });
    await expect(inOrg((tx) => replayDelivery(tx, { deliveryId: delivery, by: "Anna" }, now))).rejects.toThrow(
      /only whole quarantined/,
    );
    await inOrg((tx) => tx.execute(sql`update sources set amount_format = 'plain' where id = ${org.source.id}`));
  });
});

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

  async function receive(query: string): Promise<{ result: string; delivery: string }> {
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
    await inOrg((tx) => processDeliveries(tx, { limit: 10 }, now));
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
    expect(await inOrg((tx) => attributeParked(tx, { limit: 10 }, now))).toBe(0);
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
    expect(await inOrg((tx) => attributeParked(tx, { limit: 10 }, now))).toBe(1);
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
    expect(await inOrg((tx) => attributeParked(tx, { limit: 10 }, now))).toBe(1);
    expect(await conversion("P2")).toMatchObject({ affiliate_id: affiliateId, amount_minor: "200" });
  });

  test("a quarantined delivery is replayed with the source's settings of now; any other is refused", async () => {
    const { delivery, result } = await receive("sub1=member-1&transaction_id=P3&payout=1.234,50&status=pending");
    expect(result).toBe("quarantined");
    expect(await inOrg((tx) => replayDelivery(tx, { deliveryId: delivery }, now))).toMatchObject({
      result: "quarantined",
    });
    await inOrg((tx) => tx.execute(sql`update sources set amount_format = 'de' where id = ${org.source.id}`));
    expect(await inOrg((tx) => replayDelivery(tx, { deliveryId: delivery }, now))).toEqual({
      result: "accepted",
      reason: null,
    });
    await inOrg((tx) => processDeliveries(tx, { limit: 10 }, now));
    expect(await conversion("P3")).toMatchObject({ amount_minor: "61725" });
    await expect(inOrg((tx) => replayDelivery(tx, { deliveryId: delivery }, now))).rejects.toThrow(
      /only whole quarantined/,
    );
    await inOrg((tx) => tx.execute(sql`update sources set amount_format = 'plain' where id = ${org.source.id}`));
  });
});

import { setDestination } from "@/server/affiliates";
import { releaseHolds } from "@/server/commissions";
import { recordConversions } from "@/server/conversions";
import type { Database } from "@/server/db";
import { setUpOrganization, type TestOrganization } from "@/tests/support/organization";

/** An organization whose commissions are the reward itself and are payable at once when approved; every affiliate has a destination. */
export async function setUpEarners(database: Database, now: Date, affiliates: number): Promise<TestOrganization> {
  const org = await setUpOrganization(database, now, { affiliates, ratePpm: 1_000_000n, holdDays: 0 });
  await database.inOrganization(org.orgId, async (tx) => {
    for (const { id, email } of org.affiliates)
      await setDestination(tx, { affiliateId: id, rail: "paypal", receiver: email }, now);
  });
  return org;
}

export type Earning = {
  /** 1 is the first affiliate of the organization. */
  member: number;
  order: string;
  minor: bigint;
  currency?: string;
  status?: "pending" | "approved" | "declined" | "reversed";
};

/** What a source says, taken in by the product's own verbs, holds released: one statement each, in order. */
export async function earn(
  database: Database,
  org: TestOrganization,
  earnings: readonly Earning[],
  now: Date,
): Promise<void> {
  await database.inOrganization(org.orgId, async (tx) => {
    await recordConversions(
      tx,
      earnings.map(({ member, order, minor, currency, status }, index) => ({
        deliveryId: `dlv_${order}_${now.getTime()}_${index}`,
        sourceId: org.source.id,
        programId: org.programId,
        trust: "confirmed",
        receivedAt: now,
        report: {
          externalId: order,
          status: status ?? "approved",
          reward: { minor, currency: currency ?? "EUR" },
          subIds: { sub1: `member-${member}` },
          occurredAt: now,
        },
      })),
      now,
    );
    await releaseHolds(tx, { limit: 10_000 }, now);
  });
}

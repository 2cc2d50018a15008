import { serve } from "inngest/edge";
import { setDestination } from "@/server/affiliates";
import { type OpenDatabase, openDatabase } from "@/server/db";
import { createEngine } from "@/server/engine";
import { createEmbeddedClient } from "@/server/inngest/client";
import { batchApproved } from "@/server/inngest/events";
import { approveBatch, planBatch } from "@/server/payouts";
import { payoutJobs } from "@/server/payouts/jobs";
import { earn, setUpEarners } from "@/tests/support/earnings";
import type { TestOrganization } from "@/tests/support/organization";

/** What stands in front of the worker processes of a payout proof: organizations that owe, approve batches and tell the workers so. */
export type Payer = {
  readonly database: OpenDatabase;
  readonly organizations: readonly TestOrganization[];
  /** Every batch that was approved so far. */
  readonly batches: readonly Batch[];
  /** Every affiliate of an organization earns once more, 10.00 at least; all of that is planned into a batch and approved. No event is sent. */
  approve(organization: TestOrganization, amountMinor: (member: number) => bigint): Promise<Batch>;
  tellApproved(batches: readonly Batch[]): Promise<void>;
  /** Where an affiliate's next payouts go. */
  payTo(organization: TestOrganization, member: number, receiver: string): Promise<void>;
  close(): Promise<void>;
};

/** A batch as the harness knows it, whatever the product's tables say of it. */
export type Batch = { readonly orgId: string; readonly batchId: string; readonly earned: readonly Earned[] };

/** What one affiliate earned before the batch, in minor units. */
type Earned = { readonly affiliateId: string; readonly minor: bigint };

/** Opens one. Its engine takes events and runs nothing: only the worker processes do. */
export async function openPayer(
  databaseUrl: string,
  size: { organizations: number; affiliates: number },
): Promise<Payer> {
  const database = await openDatabase({ url: databaseUrl });
  const organizations: TestOrganization[] = [];
  for (let n = 0; n < size.organizations; n++) {
    organizations.push(await setUpEarners(database, new Date(), size.affiliates));
  }
  const inngest = await attachSilently(database);
  const batches: Batch[] = [];
  let orders = 0;
  return {
    database,
    organizations,
    batches,
    async approve(organization, amountMinor) {
      const { orgId, affiliates } = organization;
      const earnedAt = new Date(Date.now() - 1000);
      const earned = affiliates.map(({ id }, index) => ({ affiliateId: id, minor: amountMinor(index + 1) }));
      const earnings = earned.map(({ minor }, index) => ({ member: index + 1, order: `order-${++orders}`, minor }));
      await earn(database, organization, earnings, earnedAt);
      const batchId = await database.inOrganization(orgId, async (tx) => {
        const now = new Date();
        const terms = { programId: organization.programId, currency: "EUR", cutOff: now, plannedBy: "usr_1" };
        const { batchId } = await planBatch(tx, { ...terms, railRefuses: () => null }, now);
        await approveBatch(tx, { batchId, approvedBy: "usr_2" }, now);
        return batchId;
      });
      const batch = { orgId, batchId, earned };
      batches.push(batch);
      return batch;
    },
    async tellApproved(approved) {
      await inngest.send(approved.map(({ orgId, batchId }) => batchApproved.create({ orgId, batchId })));
    },
    async payTo({ orgId, affiliates }, member, receiver) {
      const affiliateId = affiliates[member - 1]?.id ?? "";
      // So long ago that it has cooled off.
      const changedAt = new Date(Date.now() - 4 * 86_400_000);
      await database.inOrganization(orgId, (tx) =>
        setDestination(tx, { affiliateId, rail: "paypal", receiver }, changedAt),
      );
    },
    close: () => database.close(),
  };
}

async function attachSilently(database: OpenDatabase) {
  const engine = createEngine({ database });
  const { inngest, signingKey } = createEmbeddedClient(engine.fetch);
  const functions = payoutJobs({ inngest, database, clock: () => new Date(), rails: [] });
  await engine.attach(serve({ client: inngest, functions }), { signingKey });
  return inngest;
}

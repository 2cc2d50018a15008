import type { JobContext } from "@/server/inngest/client";
import { listOrganizationIds } from "@/server/organizations";
import { releaseHolds } from "./release-holds";

/** Commissions released in one transaction, and transactions in one run and organization. */
const CHUNK = 500;
const CHUNKS_PER_RUN = 200;

/** The background work of commissions: ending holds. */
export function commissionJobs({ inngest, database, clock }: JobContext) {
  const release = inngest.createFunction(
    { id: "release-holds", triggers: { cron: "* * * * *" }, concurrency: { limit: 1 }, retries: 4 },
    async ({ step }) => {
      const orgIds = await step.run("list-organizations", () => database.asOwner(listOrganizationIds));
      for (const orgId of orgIds) {
        await step.run(`release-${orgId}`, async () => {
          for (let chunk = 0; chunk < CHUNKS_PER_RUN; chunk++) {
            const released = await database.inOrganization(orgId, (tx) => releaseHolds(tx, { limit: CHUNK }, clock()));
            if (released < CHUNK) return;
          }
        });
      }
    },
  );
  return [release];
}

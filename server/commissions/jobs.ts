import type { JobContext } from "@/server/inngest/client";
import { log } from "@/server/log";
import { listOrganizationIds } from "@/server/organizations";
import { releaseHolds } from "./release-holds";

/** Commissions released in one transaction. */
const CHUNK = 500;
/** Transactions in one step, of one or many organizations: seconds. */
const CHUNKS_PER_STEP = 50;
/** Below the 1,000 that a run may have; where it ends, the next run begins from the first organization. */
const STEPS_PER_RUN = 900;

/** The background work of commissions: ending holds. */
export function commissionJobs({ inngest, database, clock }: JobContext) {
  const release = inngest.createFunction(
    { id: "release-holds", triggers: { cron: "* * * * *" }, concurrency: { limit: 1 }, retries: 4 },
    async ({ step }) => {
      const orgIds = await step.run("list-organizations", () => database.asOwner(listOrganizationIds));
      let organization = 0;
      for (let n = 0; n < STEPS_PER_RUN && organization < orgIds.length; n++) {
        const from: number = organization;
        organization = await step.run(`release-${n}`, () => releaseFrom({ database, clock }, orgIds, from));
      }
    },
  );
  return [release];
}

/** Some chunks, from one organization of the list on. Returns the organization to go on with. One organization's trouble keeps no
 *  other waiting: the next run tries again. */
async function releaseFrom(
  { database, clock }: Pick<JobContext, "database" | "clock">,
  orgIds: readonly string[],
  from: number,
): Promise<number> {
  let organization = from;
  for (let chunk = 0; chunk < CHUNKS_PER_STEP; chunk++) {
    const orgId = orgIds[organization];
    if (orgId === undefined) return organization;
    try {
      const released = await database.inOrganization(orgId, (tx) => releaseHolds(tx, { limit: CHUNK }, clock()));
      if (released < CHUNK) organization += 1;
    } catch (error) {
      log.error({ err: error, orgId }, "holds could not be released");
      organization += 1;
    }
  }
  return organization;
}

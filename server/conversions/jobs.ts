import type { JobContext } from "@/server/inngest/client";
import { referencesAdded } from "@/server/inngest/events";
import { listOrganizationIds } from "@/server/organizations";
import { attributeParked } from "./attribute-parked";

/** Conversions credited in one transaction, and transactions in one run and organization. */
const CHUNK = 200;
const CHUNKS_PER_RUN = 100;

/** The background work of conversions: crediting parked ones whose click or affiliate has turned up. */
export function conversionJobs({ inngest, database, clock }: JobContext) {
  const attributeOne = async (orgId: string) => {
    for (let chunk = 0; chunk < CHUNKS_PER_RUN; chunk++) {
      const credited = await database.inOrganization(orgId, (tx) => attributeParked(tx, { limit: CHUNK }, clock()));
      if (credited < CHUNK) return;
    }
  };
  const onReference = inngest.createFunction(
    {
      id: "attribute-parked",
      triggers: { event: referencesAdded },
      concurrency: { limit: 1, key: "event.data.orgId" },
      retries: 4,
    },
    async ({ event, step }) => {
      await step.run("attribute", () => attributeOne(event.data.orgId));
    },
  );
  const sweep = inngest.createFunction(
    { id: "sweep-parked", triggers: { cron: "* * * * *" }, concurrency: { limit: 1 }, retries: 2 },
    async ({ step }) => {
      const orgIds = await step.run("list-organizations", () => database.asOwner(listOrganizationIds));
      for (const orgId of orgIds) await step.run(`attribute-${orgId}`, () => attributeOne(orgId));
    },
  );
  return [onReference, sweep];
}

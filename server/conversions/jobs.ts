import type { JobContext } from "@/server/inngest/client";
import { log } from "@/server/log";
import { listOrganizationIds } from "@/server/organizations";
import { attributeParked } from "./attribute-parked";

/** Parked conversions looked at in one transaction, during which nobody else writes conversions of the organization. */
const PAGE = 500;
/** Transactions in one step, of one or many organizations: seconds. */
const PAGES_PER_STEP = 50;
/** Below the 1,000 that a run may have; where it ends, the next run begins from the first organization. */
const STEPS_PER_RUN = 900;

/** The background work of conversions: crediting parked ones whose click, affiliate or enrolment has turned up. Nothing wakes it: a
 *  visitor's click is stored before a network can report what came of it, and the rest has a minute. */
export function conversionJobs({ inngest, database, clock }: JobContext) {
  const sweep = inngest.createFunction(
    { id: "sweep-parked", triggers: { cron: "* * * * *" }, concurrency: { limit: 1 }, retries: 2 },
    async ({ step }) => {
      const orgIds = await step.run("list-organizations", () => database.asOwner(listOrganizationIds));
      let place: Place = { organization: 0, after: null };
      for (let n = 0; n < STEPS_PER_RUN && place.organization < orgIds.length; n++) {
        const from: Place = place;
        place = await step.run(`attribute-${n}`, () => attributeFrom({ database, clock }, orgIds, from));
      }
    },
  );
  return [sweep];
}

/** An organization by its place in the list, and the conversion after which its next page begins. */
type Place = { organization: number; after: string | null };

/** Some pages, from one place on. Returns the place to go on from. One organization's trouble keeps no other waiting: the next run tries again. */
async function attributeFrom(
  { database, clock }: Pick<JobContext, "database" | "clock">,
  orgIds: readonly string[],
  from: Place,
): Promise<Place> {
  let place = from;
  for (let page = 0; page < PAGES_PER_STEP; page++) {
    const { organization, after } = place;
    const orgId = orgIds[organization];
    if (orgId === undefined) return place;
    try {
      const { next } = await database.inOrganization(orgId, (tx) =>
        attributeParked(tx, { after, limit: PAGE }, clock()),
      );
      place = { organization: next === null ? organization + 1 : organization, after: next };
    } catch (error) {
      log.error({ err: error, orgId, after }, "parked conversions could not be looked at");
      place = { organization: organization + 1, after: null };
    }
  }
  return place;
}

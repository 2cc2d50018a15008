import { sql } from "drizzle-orm";
import { queryRows } from "@/server/db";
import type { JobContext } from "@/server/inngest/client";
import { deliveriesReceived } from "@/server/inngest/events";
import { listOrganizationIds } from "@/server/organizations";
import { processChunk } from "./process-chunk";

/** Deliveries in one transaction: large enough to be cheap, small enough that a screen waits for none of them. */
const CHUNK = 250;
/** Chunks in one step, each committed for itself: a step that is run again finds done what was done. The engine's own writes are per step,
 *  and at this size cost little beside the work. */
const CHUNKS_PER_STEP = 10;
/** Far below the 1,000 that a run may have. */
const STEPS_PER_RUN = 100;
/** A delivery that waits longer than this has lost its event. */
const LOST_AFTER_SECONDS = 10;

type Work = Pick<JobContext, "database" | "clock">;

/** The background work of the inbox: giving effect to what was received, and the sweep that restarts what an event lost. */
export function deliveryJobs({ inngest, database, clock }: JobContext) {
  const process = inngest.createFunction(
    {
      id: "process-deliveries",
      triggers: { event: deliveriesReceived },
      concurrency: { limit: 1, key: "event.data.orgId" },
      retries: 10,
    },
    async ({ event, step }) => {
      const { orgId } = event.data;
      for (let n = 0; n < STEPS_PER_RUN; n++) {
        const isDone = await step.run(`process-${n}`, () => processChunks({ database, clock }, orgId));
        if (isDone) return;
      }
      await step.sendEvent("go-on", deliveriesReceived.create({ orgId }));
    },
  );
  const sweep = inngest.createFunction(
    { id: "sweep-deliveries", triggers: { cron: "* * * * *" }, retries: 2 },
    async ({ step }) => {
      const waiting = await step.run("find-waiting", () => organizationsWithWaiting({ database, clock }));
      if (waiting.length > 0) {
        await step.sendEvent(
          "restart",
          waiting.map((orgId) => deliveriesReceived.create({ orgId })),
        );
      }
    },
  );
  return [process, sweep];
}

/** Some chunks. Returns whether nothing was left. */
async function processChunks(work: Work, orgId: string): Promise<boolean> {
  for (let chunk = 0; chunk < CHUNKS_PER_STEP; chunk++) {
    if ((await processChunk(work, { orgId, limit: CHUNK })) < CHUNK) return true;
  }
  return false;
}

async function organizationsWithWaiting({ database, clock }: Work): Promise<string[]> {
  const before = new Date(clock().getTime() - LOST_AFTER_SECONDS * 1000).toISOString();
  const waiting: string[] = [];
  for (const orgId of await database.asOwner(listOrganizationIds)) {
    const rows = await database.inOrganization(orgId, (tx) =>
      queryRows(
        tx,
        sql`select 1 from deliveries where result = 'accepted' and processed_at is null and received_at < ${before}::timestamptz limit 1`,
      ),
    );
    if (rows.length > 0) waiting.push(orgId);
  }
  return waiting;
}

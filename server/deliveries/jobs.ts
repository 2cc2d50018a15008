import { sql } from "drizzle-orm";
import { queryRows } from "@/server/db";
import type { JobContext } from "@/server/inngest/client";
import { deliveriesReceived } from "@/server/inngest/events";
import { listOrganizationIds } from "@/server/organizations";
import { processDeliveries } from "./process-deliveries";
import { quarantineDelivery } from "./quarantine-delivery";

/** Deliveries in one transaction: large enough to be cheap, small enough that a screen waits for none of them. */
const CHUNK = 250;
/** Chunks in one run: far below the 1,000 steps that a run may have. */
const CHUNKS_PER_RUN = 200;
/** A delivery that waits longer than this has lost its event. */
const LOST_AFTER_SECONDS = 10;

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
      for (let chunk = 0; chunk < CHUNKS_PER_RUN; chunk++) {
        const processed = await step.run(`process-${chunk}`, () => processChunk({ database, clock }, orgId));
        if (processed < CHUNK) return;
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

type Work = Pick<JobContext, "database" | "clock">;

/** One chunk. When a delivery poisons it, each of the chunk gets a transaction of its own and the poison is set aside with its
 *  reason, so that its neighbours go on. */
async function processChunk({ database, clock }: Work, orgId: string): Promise<number> {
  try {
    return await database.inOrganization(orgId, (tx) => processDeliveries(tx, { limit: CHUNK }, clock()));
  } catch {
    const ids = await database.inOrganization(orgId, (tx) =>
      queryRows<{ id: string }>(
        tx,
        sql`select id from deliveries where result = 'accepted' and processed_at is null order by seq limit ${CHUNK}`,
      ),
    );
    for (const { id } of ids) await processAlone({ database, clock }, orgId, id);
    return ids.length;
  }
}

async function processAlone({ database, clock }: Work, orgId: string, deliveryId: string): Promise<void> {
  try {
    await database.inOrganization(orgId, (tx) => processDeliveries(tx, { limit: 1, onlyId: deliveryId }, clock()));
  } catch (error) {
    const reason = `could not be processed: ${error instanceof Error ? error.message.slice(0, 300) : "unknown error"}`;
    await database.inOrganization(orgId, (tx) => quarantineDelivery(tx, { deliveryId, reason }, clock()));
  }
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

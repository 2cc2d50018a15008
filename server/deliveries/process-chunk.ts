import { sql } from "drizzle-orm";
import { type Database, mayPass, queryRows, sqlStateIn } from "@/server/db";
import { refusalIn } from "@/server/errors";
import { log } from "@/server/log";
import { processDeliveries } from "./process-deliveries";
import { quarantineDelivery } from "./quarantine-delivery";

type Work = { readonly database: Database; readonly clock: () => Date };

/** Gives effect to at most `limit` deliveries in one transaction. When one poisons it, each of them gets a transaction of its own and the poison
 *  is set aside with its reason, so that its neighbours go on. Returns how many were looked at.
 *  Errors: those of a database that is away or overloaded; nothing is set aside for them. */
export async function processChunk(
  { database, clock }: Work,
  { orgId, limit }: { orgId: string; limit: number },
): Promise<number> {
  try {
    return await database.inOrganization(orgId, (tx) => processDeliveries(tx, { limit }, clock()));
  } catch (error) {
    // What takes too long together may be quick one by one.
    if (mayPass(error) && sqlStateIn(error) !== "57014") throw error;
    log.warn({ err: error, orgId }, "a chunk of deliveries could not be processed; each is tried by itself");
    const ids = await database.inOrganization(orgId, (tx) =>
      queryRows<{ id: string }>(
        tx,
        sql`select id from deliveries where result = 'accepted' and processed_at is null order by seq limit ${limit}`,
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
    if (mayPass(error)) throw error;
    log.error({ err: error, deliveryId }, "a delivery could not be processed and is set aside");
    const reason =
      refusalIn(error)?.message ?? `a fault of ours (${sqlStateIn(error) ?? "unexpected"}); the log has it`;
    await database.inOrganization(orgId, (tx) =>
      quarantineDelivery(tx, { deliveryId, reason: `could not be processed: ${reason}` }, clock()),
    );
  }
}

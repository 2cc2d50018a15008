import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

/** Where money goes, and since when. */
export type Destination = { id: string; rail: string; receiver: string; since: Date };

/** Where an affiliate's money goes now; null when nothing is set. */
export async function currentDestination(tx: Tx, affiliateId: string): Promise<Destination | null> {
  const [row] = await queryRows<{ id: string; rail: string; receiver: string; created_at: string }>(
    tx,
    sql`select id, rail, receiver, created_at from destinations where affiliate_id = ${affiliateId} and ended_at is null
        order by created_at desc, id desc limit 1`,
  );
  return row ? { id: row.id, rail: row.rail, receiver: row.receiver, since: new Date(row.created_at) } : null;
}

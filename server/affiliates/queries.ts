import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

/** Where money goes, since when, and until when nothing is sent there yet. */
export type Destination = { id: string; rail: string; receiver: string; since: Date; coolsUntil: Date | null };

/** Where an affiliate's money goes now; null when nothing is set. */
export async function currentDestination(tx: Tx, affiliateId: string): Promise<Destination | null> {
  const [row] = await queryRows<{
    id: string;
    rail: string;
    receiver: string;
    created_at: string;
    cools_until: string | null;
  }>(
    tx,
    sql`select id, rail, receiver, created_at, cools_until from destinations where affiliate_id = ${affiliateId} and ended_at is null
        order by created_at desc, id desc limit 1`,
  );
  if (!row) return null;
  const { id, rail, receiver, created_at: since, cools_until: until } = row;
  return { id, rail, receiver, since: new Date(since), coolsUntil: until === null ? null : new Date(until) };
}

import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";

/** Makes this transaction the one writer of the organization's conversions until it ends: waits for another one to finish. */
export async function lockWriter(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('conversions ' || current_setting('app.org_id')))`);
}

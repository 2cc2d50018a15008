import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

/** Every organization, for background work that visits them all. Runs as the owner. */
export async function listOrganizationIds(tx: Tx): Promise<string[]> {
  const rows = await queryRows<{ id: string }>(tx, sql`select id from organizations order by id`);
  return rows.map((row) => row.id);
}

/** Whether this database was marked as holding demo data when it was seeded. Runs as the owner. */
export async function isDemo(tx: Tx): Promise<boolean> {
  const rows = await queryRows(tx, sql`select 1 from installation where key = 'demo' and value = 'true'`);
  return rows.length > 0;
}

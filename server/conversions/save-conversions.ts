import { sql } from "drizzle-orm";
import { jsonRows, type Tx } from "@/server/db";
import { COLUMN_TYPES, columnsOf, upsertConversions } from "./conversion-columns";
import type { Conversion } from "./conversion-row";

/** Writes the latest state of conversions that the caller has locked. */
export async function saveConversions(tx: Tx, conversions: readonly Conversion[], now: Date): Promise<void> {
  if (conversions.length === 0) return;
  await tx.execute(upsertConversions(sql`${jsonRows(conversions.map(columnsOf))} as r(${COLUMN_TYPES})`, now));
}

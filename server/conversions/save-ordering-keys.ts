import { sql } from "drizzle-orm";
import { jsonRows, type Tx } from "@/server/db";
import { COLUMN_TYPES, columnsOf, updateOrderingKeys } from "./conversion-columns";
import type { Conversion } from "./conversion-row";

/** Writes how new the words are that we hold of conversions, which the caller has locked: no change, no version, no history, and the
 *  conversion stays where it was among the newest changes. */
export async function saveOrderingKeys(tx: Tx, conversions: readonly Conversion[], now: Date): Promise<void> {
  if (conversions.length === 0) return;
  await tx.execute(updateOrderingKeys(sql`${jsonRows(conversions.map(columnsOf))} as r(${COLUMN_TYPES})`, now));
}

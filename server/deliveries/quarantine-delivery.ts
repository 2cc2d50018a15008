import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { tellQuarantined } from "./tell-quarantined";

/** Sets a delivery aside with a reason, so that its neighbours can go on; it stays whole and can be replayed. Its words no longer
 *  count as known: the network's next repeat is looked at afresh. */
export async function quarantineDelivery(
  tx: Tx,
  input: { deliveryId: string; reason: string },
  now: Date,
): Promise<void> {
  const { deliveryId, reason } = input;
  const [row] = await queryRows<{ source_id: string }>(
    tx,
    sql`update deliveries set result = 'quarantined', reason = ${reason}, processed_at = ${now.toISOString()}::timestamptz
        where id = ${deliveryId} and processed_at is null returning source_id`,
  );
  if (row) await tellQuarantined(tx, [{ deliveryId, sourceId: row.source_id, reason }], now);
}

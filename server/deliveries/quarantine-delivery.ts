import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { queryRows, type Tx } from "@/server/db";

/** Sets a delivery aside with a reason, so that its neighbours can go on; it stays whole and can be replayed. Its words no longer
 *  count as known: the network's next repeat is looked at afresh. */
export async function quarantineDelivery(
  tx: Tx,
  input: { deliveryId: string; reason: string },
  now: Date,
): Promise<void> {
  const [row] = await queryRows<{ source_id: string }>(
    tx,
    sql`update deliveries set result = 'quarantined', reason = ${input.reason}, processed_at = ${now.toISOString()}::timestamptz
        where id = ${input.deliveryId} and processed_at is null returning source_id`,
  );
  if (!row) return;
  await tx.execute(sql`update delivery_heads set fingerprint = '' where delivery_id = ${input.deliveryId}`);
  await recordActivity(
    tx,
    [
      {
        kind: "delivery.quarantined",
        subjectId: input.deliveryId,
        details: { source: row.source_id, reason: input.reason },
        eventAt: now,
      },
    ],
    now,
  );
}

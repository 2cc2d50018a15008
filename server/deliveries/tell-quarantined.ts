import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { jsonRows, type Tx } from "@/server/db";

export type SetAside = { deliveryId: string; sourceId: string; reason: string | null };

/** Tells the screens of deliveries that were accepted and could not be given effect. What they said is not known: the network's
 *  next repeat must be looked at afresh. */
export async function tellQuarantined(tx: Tx, setAside: readonly SetAside[], now: Date): Promise<void> {
  if (setAside.length === 0) return;
  await tx.execute(
    sql`update delivery_heads set fingerprint = ''
        where delivery_id in (select id from ${jsonRows(setAside.map(({ deliveryId }) => ({ id: deliveryId })))} as o(id text))`,
  );
  await recordActivity(
    tx,
    setAside.map(({ deliveryId, sourceId, reason }) => ({
      kind: "delivery.quarantined" as const,
      subjectId: deliveryId,
      details: { source: sourceId, reason },
      eventAt: now,
    })),
    now,
  );
}

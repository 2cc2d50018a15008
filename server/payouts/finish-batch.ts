import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { queryRows, type Tx } from "@/server/db";
import { UNSETTLED } from "./rules/states";

/** Finishes a batch when nothing of it has to be sent or waits for its first outcome. The lock makes the last two outcomes see each other. */
export async function finishBatch(tx: Tx, batchId: string, now: Date): Promise<void> {
  await tx.execute(sql`select 1 from payout_batches where id = ${batchId} for update`);
  const at = sql`${now.toISOString()}::timestamptz`;
  const finished = await queryRows<{ id: string }>(
    tx,
    sql`update payout_batches b set state = 'finished', finished_at = ${at}
        where b.id = ${batchId} and b.state = 'approved'
          and not exists (select from payouts p where p.batch_id = b.id and p.state in ${UNSETTLED})
        returning b.id`,
  );
  await recordActivity(
    tx,
    finished.map(({ id }) => ({ kind: "batch.finished", subjectId: id, batchId: id, details: {}, eventAt: now })),
    now,
  );
}

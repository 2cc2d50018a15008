import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";

export type Batch = { readonly id: string; readonly programId: string; readonly currency: string };

/** Locks a draft until the transaction ends: of two who approve or discard at once, the second reads what the first did.
 *  Errors: not_found, precondition_failed (not a draft any more; names who approved it). */
export async function lockDraft(tx: Tx, batchId: string): Promise<Batch> {
  await tx.execute(sql`select 1 from payout_batches where id = ${batchId} for update`);
  const [batch] = await queryRows<{
    program_id: string;
    currency: string;
    state: string;
    approved_by: string | null;
    approved_at: string | null;
  }>(
    tx,
    sql`select b.program_id, b.currency, b.state, coalesce(u.name, b.approved_by) as approved_by, b.approved_at
        from payout_batches b left join users u on u.id = b.approved_by where b.id = ${batchId}`,
  );
  if (!batch) throw new Refusal("not_found", `there is no payout batch ${batchId}`);
  if (batch.state === "draft") return { id: batchId, programId: batch.program_id, currency: batch.currency };
  const what =
    batch.approved_at === null
      ? "was discarded"
      : `was approved by ${batch.approved_by} on ${batch.approved_at.slice(0, 16)} UTC`;
  throw new Refusal("precondition_failed", `batch ${batchId} ${what}; only a draft can be approved or discarded`);
}

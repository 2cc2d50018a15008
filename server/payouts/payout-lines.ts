import { sql } from "drizzle-orm";
import { markCommissions } from "@/server/commissions";
import { jsonRows, queryRows, type Tx } from "@/server/db";

/** Says of the commissions in some payouts where they stand now. */
export async function markLines(
  tx: Tx,
  input: { payoutIds: readonly string[]; state: "payable" | "in_batch" | "paid" },
  now: Date,
): Promise<void> {
  if (input.payoutIds.length === 0) return;
  const rows = await queryRows<{ commission_id: string }>(
    tx,
    sql`select distinct commission_id from payout_lines where payout_id in (select id from ${idRows(input.payoutIds)})`,
  );
  await markCommissions(tx, { commissionIds: rows.map((row) => row.commission_id), state: input.state }, now);
}

/** Gives the movements of payouts that are proven unpaid back: the next batch collects them. */
export async function releaseLines(tx: Tx, payoutIds: readonly string[], now: Date): Promise<void> {
  if (payoutIds.length === 0) return;
  await markLines(tx, { payoutIds, state: "payable" }, now);
  await tx.execute(
    sql`update payout_lines set active = false where active and payout_id in (select id from ${idRows(payoutIds)})`,
  );
}

function idRows(ids: readonly string[]) {
  return sql`${jsonRows(ids.map((id) => ({ id })))} as w(id text)`;
}

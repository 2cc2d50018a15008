import { sql } from "drizzle-orm";
import { jsonRows, type Tx } from "@/server/db";

/** Follows a payout: commissions inside it are in_batch, then paid, or payable again. A commission that the source took back
 *  meanwhile keeps that state. */
export async function markCommissions(
  tx: Tx,
  input: { commissionIds: readonly string[]; state: "payable" | "in_batch" | "paid" },
  now: Date,
): Promise<void> {
  if (input.commissionIds.length === 0) return;
  const ids = jsonRows([...new Set(input.commissionIds)].map((id) => ({ id })));
  await tx.execute(
    sql`update commissions set state = ${input.state}, updated_at = ${now.toISOString()}::timestamptz
        where id in (select id from ${ids} as w(id text)) and state in ('payable', 'in_batch', 'paid') and state <> ${input.state}`,
  );
}

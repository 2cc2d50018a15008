import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { type CommissionRow, toCommission } from "./commission-row";
import { releasedHolding } from "./rules/next-holding";
import { writeEffects } from "./write-effects";

/** Makes payable what the source approved and whose hold has ended, oldest first, at most `limit` commissions: a bounded chunk
 *  keeps the transaction short. Returns how many were released; fewer than `limit` means that none is left. */
export async function releaseHolds(tx: Tx, input: { limit: number }, now: Date): Promise<number> {
  const due = await queryRows<CommissionRow>(
    tx,
    sql`select c.*, v.external_id, (select e.id from commission_effects e where e.commission_id = c.id and e.version = 1) as accrual_id
        from commissions c join conversions v on v.id = c.conversion_id
        where c.state = 'held' and c.approved and c.hold_until <= ${now.toISOString()}::timestamptz
        order by c.hold_until, c.id limit ${input.limit} for update of c skip locked`,
  );
  const planned = due.flatMap((row) => {
    const commission = toCommission(row);
    const effect = releasedHolding(commission.holding);
    return effect ? [{ commission, effect, changeId: null, eventAt: commission.holdUntil }] : [];
  });
  await writeEffects(tx, planned, now);
  return planned.length;
}

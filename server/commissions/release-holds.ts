import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { type CommissionRow, SELECT_ACCRUAL, toCommission } from "./commission-row";
import { releasedHolding } from "./rules/next-holding";
import { writeEffects } from "./write-effects";

/** Makes payable what the source approved and whose hold has ended, oldest first, at most `limit` commissions: a bounded chunk
 *  keeps the transaction short. A release is dated when both had come about: at the end of the hold or, later, at the newest
 *  movement before it. Returns how many were released; fewer than `limit` means that none is left. */
export async function releaseHolds(tx: Tx, input: { limit: number }, now: Date): Promise<number> {
  const due = await queryRows<CommissionRow & { moved_at: string }>(
    tx,
    sql`select c.*, v.external_id, ${SELECT_ACCRUAL} as accrual_id,
          (select max(e.event_at) from commission_effects e where e.commission_id = c.id) as moved_at
        from commissions c join conversions v on v.id = c.conversion_id
        where c.state = 'held' and c.approved and c.hold_until <= ${now.toISOString()}::timestamptz
        order by c.hold_until, c.id limit ${input.limit} for update of c skip locked`,
  );
  const planned = due.flatMap((row) => {
    const commission = toCommission(row);
    const effect = releasedHolding(commission.holding);
    const movedAt = new Date(row.moved_at);
    const eventAt = movedAt > commission.holdUntil ? movedAt : commission.holdUntil;
    return effect ? [{ commission, effect, changeId: null, eventAt }] : [];
  });
  await writeEffects(tx, planned, now);
  return planned.length;
}

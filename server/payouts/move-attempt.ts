import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import type { Attempt } from "./attempt-row";
import { movePayouts } from "./move-payouts";
import { lockPayouts } from "./payout-row";
import type { State } from "./rules/states";

/** Moves the payouts of an attempt whose outcome has become known; those that somebody else has moved meanwhile stay. Returns the moved ones in
 *  the order in which they were frozen. */
export async function moveAttempt(
  tx: Tx,
  attempt: Attempt,
  step: { to: State; reason: string | null },
  now: Date,
): Promise<string[]> {
  const payouts = await lockPayouts(tx, sql`p.attempt_id = ${attempt.id} and p.state in ('submitting', 'unknown')`);
  await movePayouts(
    tx,
    payouts.map((payout) => ({ payout, ...step, eventAt: now })),
    now,
  );
  return payouts.map(({ id }) => id);
}

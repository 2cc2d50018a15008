import type { Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { queueRetries, type RetriedPayouts } from "./queue-retries";

/** Tries payouts again that are proven unpaid: each gets a successor with a key of its own, in the same batch, to where the affiliate wants
 *  the money now, over what no other payout has taken meanwhile. One failure is retried once; the successor may be retried in its turn.
 *  Errors: not_found, precondition_failed (none of them can be retried: names the first and why). */
export async function retryPayouts(
  tx: Tx,
  input: { payoutIds: readonly string[]; by: string },
  now: Date,
): Promise<RetriedPayouts> {
  const outcome = await queueRetries(tx, input, now);
  if (outcome.retried.length > 0) return outcome;
  const [first] = outcome.refused;
  throw new Refusal(
    "precondition_failed",
    first ? `payout ${first.payoutId} ${first.reason}` : "no payout was named to be retried",
  );
}

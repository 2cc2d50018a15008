import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import type { Attempt } from "./attempt-row";
import { moveAttempt } from "./move-attempt";
import { nextCheckAt } from "./rules/check-schedule";
import { closeTasks } from "./tasks";

/** Says of an attempt whose outcome was open that the provider has accepted it under its own id: its payouts are submitted, and the next look is
 *  in seconds. `reason` is kept in the history of each payout; `because` closes the tasks. Returns them in the order in which they were frozen, and when the next look is. */
export async function acceptAttempt(
  tx: Tx,
  input: { attempt: Attempt; providerBatchId: string; answer: string | null; reason: string | null; because: string },
  now: Date,
): Promise<{ payoutIds: string[]; nextCheckAt: Date }> {
  const { attempt, providerBatchId, answer, reason, because } = input;
  const checkAt = nextCheckAt(0, now);
  await tx.execute(
    sql`update attempts set state = 'accepted', provider_batch_id = ${providerBatchId}, answer = coalesce(${answer}, answer), reason = ${reason},
          sends = greatest(sends, checks + 1), checks = 0, first_sent_at = ${attempt.firstSentAt?.toISOString() ?? null}::timestamptz,
          next_check_at = ${checkAt.toISOString()}::timestamptz, updated_at = ${now.toISOString()}::timestamptz where id = ${attempt.id}`,
  );
  const payoutIds = await moveAttempt(tx, attempt, { to: "submitted", reason }, now);
  await closeTasks(tx, { kinds: ["payout_unknown", "payout_waiting"], subjectIds: [attempt.id], because }, now);
  return { payoutIds, nextCheckAt: checkAt };
}

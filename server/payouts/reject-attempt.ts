import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import type { Attempt } from "./attempt-row";
import { moveAttempt } from "./move-attempt";
import { closeTasks } from "./tasks";

/** Says of an attempt whose outcome was open that the provider has accepted nothing of it: its payouts have failed, their money is back on the
 *  affiliates' accounts, and nobody looks again. The caller has the proof; `finishBatch` is the caller's too. Returns the failed payouts in the
 *  order in which they were frozen. */
export async function rejectAttempt(
  tx: Tx,
  input: { attempt: Attempt; answer: string | null; reason: string; because: string },
  now: Date,
): Promise<string[]> {
  const { attempt, answer, reason, because } = input;
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`update attempts set state = 'rejected', answer = coalesce(${answer}, answer), reason = ${reason}, checks = checks + 1,
          sends = greatest(sends, checks + 1), first_sent_at = ${attempt.firstSentAt?.toISOString() ?? null}::timestamptz,
          next_check_at = null, closed_at = ${at}, updated_at = ${at} where id = ${attempt.id}`,
  );
  const ids = await moveAttempt(tx, attempt, { to: "failed", reason }, now);
  await closeTasks(tx, { kinds: ["payout_unknown", "payout_waiting"], subjectIds: [attempt.id], because }, now);
  return ids;
}

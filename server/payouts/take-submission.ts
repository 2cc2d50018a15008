import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import type { FrozenSubmission, Rail } from "@/server/rails";
import { lockAttempt } from "./attempt-row";
import { markUnknown } from "./mark-unknown";
import { isRepeatSafe } from "./rules/check-schedule";

/** Takes the frozen bytes of an attempt to send them by its rail, and counts that they may have gone out. Commit it before sending. null: there
 *  is nothing to send, because the outcome is known, the rail is not connected, or a repeat is not safe any more and a person was asked.
 *  Errors: not_found, invariant_broken (the bytes are not those that were frozen). */
export async function takeSubmission(
  tx: Tx,
  input: { attemptId: string; rails: readonly Rail[] },
  now: Date,
): Promise<{ rail: Rail; submission: FrozenSubmission } | null> {
  const attempt = await lockAttempt(tx, input.attemptId);
  const rail = input.rails.find(({ name }) => name === attempt.rail);
  if (!rail || attempt.state === "accepted" || attempt.state === "rejected") return null;
  if (!isRepeatSafe(attempt.firstSentAt, rail.repeatWindowDays, now)) {
    const reason = `the ${rail.repeatWindowDays} days in which ${rail.title} recognises a repeat are over: look it up there by hand`;
    await markUnknown(tx, { attempt, reason, answer: null, nextCheckAt: null }, now);
    return null;
  }
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`update attempts set sends = sends + 1, first_sent_at = coalesce(first_sent_at, ${at}), updated_at = ${at} where id = ${attempt.id}`,
  );
  return { rail, submission: attempt.submission };
}

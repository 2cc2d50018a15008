import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import type { Attempt } from "./attempt-row";
import { movePayouts } from "./move-payouts";
import { lockPayouts } from "./payout-row";
import { railWord } from "./rules/rail-words";
import { closeTasks, openTasks } from "./tasks";

/** Says of an attempt that nobody here knows whether it was accepted: its payouts stay in transit and a task stays open until a fact comes.
 *  `nextCheckAt` null: only a person can bring that fact. */
export async function markUnknown(
  tx: Tx,
  input: { attempt: Attempt; reason: string; answer: string | null; nextCheckAt: Date | null },
  now: Date,
): Promise<void> {
  const { attempt, reason, answer, nextCheckAt } = input;
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`update attempts set state = 'unknown', reason = ${reason}, answer = coalesce(${answer}, answer), checks = checks + 1,
          sends = greatest(sends, checks + 1), next_check_at = ${nextCheckAt?.toISOString() ?? null}::timestamptz, updated_at = ${at}
        where id = ${attempt.id}`,
  );
  const payouts = await lockPayouts(tx, sql`p.attempt_id = ${attempt.id} and p.state = 'submitting'`);
  await movePayouts(
    tx,
    payouts.map((payout) => ({ payout, to: "unknown", reason, eventAt: now })),
    now,
  );
  const because = "it is not known any more whether it was accepted";
  await closeTasks(tx, { kinds: ["payout_waiting"], subjectIds: [attempt.id], because }, now);
  await openTasks(
    tx,
    [
      {
        kind: "payout_unknown",
        subjectId: attempt.id,
        summary: `Whether ${railWord(attempt.rail)} accepted the payouts of attempt ${attempt.id} is not known: ${reason}`,
        evidence: {
          batch: attempt.batchId,
          rail: attempt.rail,
          key: attempt.submission.key,
          firstSentAt: attempt.firstSentAt?.toISOString() ?? null,
          reason,
        },
      },
    ],
    now,
  );
}

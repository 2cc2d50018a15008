import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { LookUpOutcome } from "@/server/rails";
import { applyReports } from "./apply-reports";
import { type Attempt, lockAttempt } from "./attempt-row";
import { nextCheckAt, nextLookAt } from "./rules/check-schedule";
import { railWord } from "./rules/rail-words";
import { MOVING } from "./rules/states";
import { settleUnlisted } from "./settle-unlisted";
import { openTasks } from "./tasks";

/** From this look on they are an hour apart: two of them in a row without an answer are more than a moment's trouble. */
const HOURLY_FROM = 6;

/** What an answered look leaves as the attempt's reason; any other reason is of a look without an answer. */
const SAYS = "says of the batch:";

/** Records a look at an accepted attempt: what the provider found moves its payouts, and the next look is set: within seconds at first, every hour
 *  while something can move, every day while something paid can still come back, then never. Returns when that is.
 *  Errors: not_found. */
export async function recordCheck(
  tx: Tx,
  input: { attemptId: string; outcome: LookUpOutcome },
  now: Date,
): Promise<Date | null> {
  const { outcome } = input;
  const attempt = await lockAttempt(tx, input.attemptId);
  if (outcome.kind === "found") {
    await applyReports(tx, { attemptId: attempt.id, items: outcome.items }, now);
    await settleUnlisted(tx, { attempt, found: outcome }, now);
    const next = nextLookAt(await readStanding(tx, attempt.id), lookOf(attempt), now);
    await schedule(tx, attempt, next, `${railWord(attempt.rail)} ${SAYS} ${outcome.batchStatus}`, now);
    return next;
  }
  const next = nextCheckAt(attempt.checks, now);
  const reason =
    outcome.kind === "not_found"
      ? `${railWord(attempt.rail)} does not know batch ${attempt.providerBatchId}`
      : outcome.reason;
  await schedule(tx, attempt, next, reason, now);
  const wasSilent = attempt.reason !== null && !attempt.reason.includes(SAYS);
  if (wasSilent && attempt.checks + 1 >= HOURLY_FROM) await tellPerson(tx, attempt, reason, now);
  return next;
}

function lookOf({ checks, firstSentAt, createdAt }: Attempt) {
  return { checks, sentAt: firstSentAt ?? createdAt };
}

async function readStanding(tx: Tx, attemptId: string): Promise<{ moving: number; paid: number }> {
  const [row] = await queryRows<{ moving: number; paid: number }>(
    tx,
    sql`select count(*) filter (where state in ${MOVING})::int as moving, count(*) filter (where state = 'paid')::int as paid
        from payouts where attempt_id = ${attemptId}`,
  );
  return { moving: row?.moving ?? 0, paid: row?.paid ?? 0 };
}

async function schedule(tx: Tx, attempt: Attempt, next: Date | null, reason: string, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`update attempts set checks = checks + 1, next_check_at = ${next?.toISOString() ?? null}::timestamptz, reason = ${reason},
          closed_at = case when ${next === null} then ${at} end, updated_at = ${at} where id = ${attempt.id}`,
  );
}

async function tellPerson(tx: Tx, attempt: Attempt, reason: string, now: Date): Promise<void> {
  const summary = `${railWord(attempt.rail)} accepted attempt ${attempt.id} as ${attempt.providerBatchId}, but cannot be read: ${reason}`;
  const evidence = {
    batch: attempt.batchId,
    key: attempt.submission.key,
    providerBatch: attempt.providerBatchId,
    reason,
  };
  await openTasks(tx, [{ kind: "payout_unknown", subjectId: attempt.id, summary, evidence }], now);
}

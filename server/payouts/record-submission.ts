import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import { unreachable } from "@/server/errors";
import type { SubmitOutcome } from "@/server/rails";
import { acceptAttempt } from "./accept-attempt";
import { type Attempt, lockAttempt } from "./attempt-row";
import { finishBatch } from "./finish-batch";
import { markUnknown } from "./mark-unknown";
import { queueRetries } from "./queue-retries";
import { rejectAttempt } from "./reject-attempt";
import { isLongWait, nextCheckAt } from "./rules/check-schedule";
import { isProof } from "./rules/is-proof";
import { railWord } from "./rules/rail-words";
import { openTasks } from "./tasks";

/** What became of a submission, and when to look at it again; null: not before something else happens. */
export type RecordedSubmission = { kind: "accepted" | "rejected" | "waiting" | "unknown"; nextCheckAt: Date | null };

type Recording<Kind extends SubmitOutcome["kind"]> = {
  attempt: Attempt;
  outcome: Extract<SubmitOutcome, { kind: Kind }>;
};

/** Records what the rail answered. Accepted: submitted. Refused for now: the same bytes later. Refused, and proven that nothing of it was
 *  ever accepted: failed, the money back on the affiliates' accounts; when the rail names the payouts it refused, their neighbours are
 *  tried again without them. Anything else is unknown. What was accepted stays accepted, whatever a parallel sending heard.
 *  Errors: not_found. */
export async function recordSubmission(
  tx: Tx,
  input: { attemptId: string; outcome: SubmitOutcome; sentAt: Date },
  now: Date,
): Promise<RecordedSubmission> {
  const { outcome } = input;
  const locked = await lockAttempt(tx, input.attemptId);
  const attempt = { ...locked, firstSentAt: locked.firstSentAt ?? input.sentAt };
  if (attempt.state === "accepted" || attempt.state === "rejected") return keepFirst(tx, attempt, outcome, now);
  switch (outcome.kind) {
    case "accepted":
      return recordAccepted(tx, { attempt, outcome }, now);
    case "rejected":
      return recordRejected(tx, { attempt, outcome }, now);
    case "unknown":
      return recordUnknown(tx, attempt, outcome, now);
    default:
      return unreachable(outcome, "a submission's outcome");
  }
}

async function recordAccepted(
  tx: Tx,
  { attempt, outcome }: Recording<"accepted">,
  now: Date,
): Promise<RecordedSubmission> {
  const { providerBatchId, raw } = outcome;
  const because = `${railWord(attempt.rail)} accepted it as ${providerBatchId}`;
  const accepted = { attempt, providerBatchId, answer: raw, reason: null, because };
  const { nextCheckAt: checkAt } = await acceptAttempt(tx, accepted, now);
  return { kind: "accepted", nextCheckAt: checkAt };
}

async function recordRejected(
  tx: Tx,
  { attempt, outcome }: Recording<"rejected">,
  now: Date,
): Promise<RecordedSubmission> {
  const reason = `${outcome.code}: ${outcome.message}`;
  if (outcome.retryable) return waitToRepeat(tx, { attempt, outcome }, reason, now);
  if (!isProof(attempt)) {
    const doubt = `a repeat was refused (${reason}), which does not say what became of the first sending`;
    return recordUnknown(tx, attempt, { reason: doubt, raw: outcome.raw }, now);
  }
  const because = `${railWord(attempt.rail)} refused it: ${reason}`;
  const ids = await rejectAttempt(tx, { attempt, answer: outcome.raw, reason, because }, now);
  const refused = new Set(outcome.refusedItems ?? []);
  const neighbours = ids.filter((_, place) => !refused.has(place));
  // As many as before are the same bytes again: they would be refused again, without end.
  const isFewer = neighbours.length > 0 && neighbours.length < ids.length;
  if (isFewer) await queueRetries(tx, { payoutIds: neighbours, by: "the system" }, now);
  await finishBatch(tx, attempt.batchId, now);
  return { kind: "rejected", nextCheckAt: null };
}

/** Nothing was accepted this time, and the same bytes may be by and by. An unknown stays one: an earlier sending may have been accepted. Where
 *  every sending is proven to have been refused, the provider holds no key yet: its window has not begun. */
async function waitToRepeat(
  tx: Tx,
  { attempt, outcome }: Recording<"rejected">,
  reason: string,
  now: Date,
): Promise<RecordedSubmission> {
  const checkAt = nextCheckAt(attempt.checks, now, (outcome.retryAfterSeconds ?? 0) * 1000);
  const isProven = isProof(attempt);
  const firstSentAt = isProven ? null : attempt.firstSentAt;
  await tx.execute(
    sql`update attempts set answer = ${outcome.raw}, reason = ${reason}, checks = checks + 1, sends = greatest(sends, checks + 1),
          first_sent_at = ${firstSentAt?.toISOString() ?? null}::timestamptz,
          next_check_at = ${checkAt.toISOString()}::timestamptz, updated_at = ${now.toISOString()}::timestamptz where id = ${attempt.id}`,
  );
  if (isProven && isLongWait(attempt, now)) await tellWaiting(tx, attempt, reason, now);
  return { kind: attempt.state === "unknown" ? "unknown" : "waiting", nextCheckAt: checkAt };
}

/** An empty account at the rail fills only by a person. */
async function tellWaiting(tx: Tx, attempt: Attempt, reason: string, now: Date): Promise<void> {
  const summary = `${railWord(attempt.rail)} has refused the payouts of attempt ${attempt.id} for now since ${attempt.createdAt.toISOString().slice(0, 10)}: ${reason}`;
  const evidence = { batch: attempt.batchId, rail: attempt.rail, key: attempt.submission.key, reason };
  await openTasks(tx, [{ kind: "payout_waiting", subjectId: attempt.id, summary, evidence }], now);
}

async function recordUnknown(
  tx: Tx,
  attempt: Attempt,
  { reason, raw }: { reason: string; raw: string | null },
  now: Date,
): Promise<RecordedSubmission> {
  const checkAt = nextCheckAt(attempt.checks, now);
  await tx.execute(
    sql`update attempts set first_sent_at = ${attempt.firstSentAt?.toISOString() ?? null}::timestamptz where id = ${attempt.id}`,
  );
  await markUnknown(tx, { attempt, reason, answer: raw, nextCheckAt: checkAt }, now);
  return { kind: "unknown", nextCheckAt: checkAt };
}

/** A second acceptance of what was refused, or under another id, may be money that left behind our back: a person is told at once, and no look
 *  can take that back. */
async function keepFirst(tx: Tx, attempt: Attempt, outcome: SubmitOutcome, now: Date): Promise<RecordedSubmission> {
  if (outcome.kind === "accepted" && outcome.providerBatchId !== attempt.providerBatchId) {
    const before =
      attempt.providerBatchId === null ? "was refused before" : `was accepted as ${attempt.providerBatchId} before`;
    const summary = `${railWord(attempt.rail)} accepted attempt ${attempt.id} as ${outcome.providerBatchId}, although it ${before}: look it up there by hand`;
    const evidence = { batch: attempt.batchId, key: attempt.submission.key, providerBatch: outcome.providerBatchId };
    await openTasks(tx, [{ kind: "payout_accepted_twice", subjectId: attempt.id, summary, evidence }], now);
  }
  return { kind: attempt.state === "accepted" ? "accepted" : "rejected", nextCheckAt: null };
}

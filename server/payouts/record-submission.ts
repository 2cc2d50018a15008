import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import { unreachable } from "@/server/errors";
import type { SubmitOutcome } from "@/server/rails";
import { type Attempt, lockAttempt } from "./attempt-row";
import { finishBatch } from "./finish-batch";
import { markUnknown } from "./mark-unknown";
import { movePayouts } from "./move-payouts";
import { lockPayouts } from "./payout-row";
import { queueRetries } from "./queue-retries";
import { nextCheckAt } from "./rules/check-schedule";
import { isProof } from "./rules/is-proof";
import type { State } from "./rules/states";
import { closeTasks, openTasks } from "./tasks";

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
  const checkAt = nextCheckAt(0, now);
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`update attempts set state = 'accepted', provider_batch_id = ${outcome.providerBatchId}, answer = ${outcome.raw}, reason = null,
          sends = greatest(sends, checks + 1), checks = 0, first_sent_at = ${attempt.firstSentAt?.toISOString() ?? null}::timestamptz,
          next_check_at = ${checkAt.toISOString()}::timestamptz, updated_at = ${at} where id = ${attempt.id}`,
  );
  await moveAll(tx, attempt, { to: "submitted", reason: null, states: ["submitting", "unknown"] }, now);
  const because = `${attempt.rail} accepted it as ${outcome.providerBatchId}`;
  await closeTasks(tx, { kinds: ["payout_unknown"], subjectIds: [attempt.id], because }, now);
  return { kind: "accepted", nextCheckAt: checkAt };
}

async function recordRejected(
  tx: Tx,
  { attempt, outcome }: Recording<"rejected">,
  now: Date,
): Promise<RecordedSubmission> {
  const reason = `${outcome.code}: ${outcome.message}`;
  if (outcome.retryable) return waitToRepeat(tx, { attempt, outcome }, reason, now);
  if (!isProof(attempt, outcome)) {
    const doubt = `a repeat was refused (${reason}), which does not say what became of the first sending`;
    return recordUnknown(tx, attempt, { reason: doubt, raw: outcome.raw }, now);
  }
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`update attempts set state = 'rejected', answer = ${outcome.raw}, reason = ${reason}, checks = checks + 1,
          sends = greatest(sends, checks + 1), first_sent_at = ${attempt.firstSentAt?.toISOString() ?? null}::timestamptz,
          next_check_at = null, closed_at = ${at}, updated_at = ${at} where id = ${attempt.id}`,
  );
  const ids = await moveAll(tx, attempt, { to: "failed", reason, states: ["submitting", "unknown"] }, now);
  await closeTasks(
    tx,
    { kinds: ["payout_unknown"], subjectIds: [attempt.id], because: `${attempt.rail} refused it: ${reason}` },
    now,
  );
  const refused = new Set(outcome.refusedItems ?? []);
  const neighbours = refused.size === 0 ? [] : ids.filter((_, place) => !refused.has(place));
  if (neighbours.length > 0) await queueRetries(tx, { payoutIds: neighbours, by: "the system" }, now);
  await finishBatch(tx, attempt.batchId, now);
  return { kind: "rejected", nextCheckAt: null };
}

/** Nothing was accepted this time, and the same bytes may be by and by. An unknown stays one: an earlier sending may have been accepted. */
async function waitToRepeat(
  tx: Tx,
  { attempt, outcome }: Recording<"rejected">,
  reason: string,
  now: Date,
): Promise<RecordedSubmission> {
  const checkAt = nextCheckAt(attempt.checks, now, (outcome.retryAfterSeconds ?? 0) * 1000);
  await tx.execute(
    sql`update attempts set answer = ${outcome.raw}, reason = ${reason}, checks = checks + 1, sends = greatest(sends, checks + 1),
          first_sent_at = ${attempt.firstSentAt?.toISOString() ?? null}::timestamptz,
          next_check_at = ${checkAt.toISOString()}::timestamptz, updated_at = ${now.toISOString()}::timestamptz where id = ${attempt.id}`,
  );
  return { kind: attempt.state === "unknown" ? "unknown" : "waiting", nextCheckAt: checkAt };
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

/** A second acceptance of what was refused, or under another id, may be money that left behind our back: a person is told at once. */
async function keepFirst(tx: Tx, attempt: Attempt, outcome: SubmitOutcome, now: Date): Promise<RecordedSubmission> {
  if (outcome.kind === "accepted" && outcome.providerBatchId !== attempt.providerBatchId) {
    const before =
      attempt.providerBatchId === null ? "was refused before" : `was accepted as ${attempt.providerBatchId} before`;
    const summary = `${attempt.rail} accepted attempt ${attempt.id} as ${outcome.providerBatchId}, although it ${before}: look it up there by hand`;
    const evidence = { batch: attempt.batchId, key: attempt.submission.key, providerBatch: outcome.providerBatchId };
    await openTasks(tx, [{ kind: "payout_unknown", subjectId: attempt.id, summary, evidence }], now);
  }
  return { kind: attempt.state === "accepted" ? "accepted" : "rejected", nextCheckAt: null };
}

/** Returns the payouts of the attempt in the order in which they were frozen. */
async function moveAll(
  tx: Tx,
  attempt: Attempt,
  step: { to: State; reason: string | null; states: readonly State[] },
  now: Date,
): Promise<string[]> {
  const payouts = await lockPayouts(tx, sql`p.attempt_id = ${attempt.id} and p.state in ${step.states}`);
  await movePayouts(
    tx,
    payouts.map((payout) => ({ payout, to: step.to, reason: step.reason, eventAt: now })),
    now,
  );
  return payouts.map(({ id }) => id);
}

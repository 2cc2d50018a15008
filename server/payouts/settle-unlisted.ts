import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import type { LookUpOutcome } from "@/server/rails";
import type { Attempt } from "./attempt-row";
import { finishBatch } from "./finish-batch";
import { movePayouts } from "./move-payouts";
import { lockPayouts, type Payout } from "./payout-row";
import { railWord } from "./rules/rail-words";
import { MOVING } from "./rules/states";
import { closeTasks, openTasks } from "./tasks";

type Found = Extract<LookUpOutcome, { kind: "found" }>;

/** Payouts that a task names one by one; the rest is in their number. */
const NAMED_MAX = 20;

/** What a look at an attempt means for the payouts that it does not list. Of a batch that the provider refused as a whole, what was submitted has
 *  failed; what else is missing from an answer that will list no more becomes a task. A whole answer closes what was asked about the attempt. */
export async function settleUnlisted(tx: Tx, { attempt, found }: { attempt: Attempt; found: Found }, now: Date) {
  const unlisted = found.isFinal ? await lockUnlisted(tx, attempt, found) : [];
  const failed = found.isRefused ? unlisted.filter(({ state }) => state === "submitted") : [];
  if (failed.length > 0) {
    const reason = `${railWord(attempt.rail)} refused the whole batch: ${found.batchStatus}`;
    await movePayouts(
      tx,
      failed.map((payout) => ({ payout, to: "failed", reason, eventAt: now })),
      now,
    );
    await finishBatch(tx, attempt.batchId, now);
  }
  const missing = unlisted.filter((payout) => !failed.includes(payout));
  if (missing.length > 0) {
    await tellMissing(tx, { attempt, found, missing }, now);
    return;
  }
  const because = `${railWord(attempt.rail)} could be read again`;
  await closeTasks(tx, { kinds: ["payout_unknown"], subjectIds: [attempt.id], because }, now);
}

async function lockUnlisted(tx: Tx, attempt: Attempt, found: Found): Promise<Payout[]> {
  const listed = new Set(found.items.map(({ payoutId }) => payoutId));
  const moving = await lockPayouts(tx, sql`p.attempt_id = ${attempt.id} and p.state in ${MOVING}`);
  return moving.filter(({ id }) => !listed.has(id));
}

async function tellMissing(
  tx: Tx,
  { attempt, found, missing }: { attempt: Attempt; found: Found; missing: readonly Payout[] },
  now: Date,
): Promise<void> {
  const rail = railWord(attempt.rail);
  const summary = `${rail} is through with its batch ${attempt.providerBatchId} (${found.batchStatus}) and does not list ${missing.length} of its payouts: look them up there by hand`;
  const evidence = {
    batch: attempt.batchId,
    key: attempt.submission.key,
    providerBatch: attempt.providerBatchId,
    providerStatus: found.batchStatus,
    payouts: missing
      .slice(0, NAMED_MAX)
      .map(({ id }) => id)
      .join(", "),
  };
  await openTasks(tx, [{ kind: "payout_unknown", subjectId: attempt.id, summary, evidence }], now);
}

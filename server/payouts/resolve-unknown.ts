import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { acceptAttempt } from "./accept-attempt";
import { type Attempt, lockAttempt } from "./attempt-row";
import { finishBatch } from "./finish-batch";
import { rejectAttempt } from "./reject-attempt";
import { railWord } from "./rules/rail-words";
import type { Found } from "./tasks-shapes";

/** Longer than a request to any rail takes: what was taken to be sent and is not recorded by then was cut off. */
const SENDING_MS_MAX = 5 * 60_000;

/** Records what a person found out, by hand, about an attempt of unknown outcome: the provider accepted it under its own id (its payouts are
 *  submitted and looked at from now on), or it did not (they have failed and their money is payable again). Who says so, and how they know,
 *  is kept in the history of each payout; the task is closed. Returns how many payouts moved.
 *  Errors: not_found, precondition_failed (its outcome is known; it is being sent just now), conflict (another attempt has that batch id). */
export async function resolveUnknown(
  tx: Tx,
  input: { attemptId: string; by: string; found: Found; note: string },
  now: Date,
): Promise<{ payouts: number }> {
  const { by, found, note } = input;
  const attempt = await lockAttempt(tx, input.attemptId);
  if (attempt.state !== "unknown") {
    throw new Refusal(
      "precondition_failed",
      `attempt ${attempt.id} is ${attempt.state}; only one of unknown outcome can be resolved by hand`,
    );
  }
  requireIdle(attempt, now);
  const rail = railWord(attempt.rail);
  if (found.kind === "accepted") {
    const { providerBatchId } = found;
    await requireFree(tx, attempt, providerBatchId);
    const reason = `${by} found it at ${rail} as ${providerBatchId}: ${note}`;
    const accepted = { attempt, providerBatchId, answer: null, reason, because: reason };
    return { payouts: (await acceptAttempt(tx, accepted, now)).payoutIds.length };
  }
  const reason = `${by} found that ${rail} did not accept it: ${note}`;
  const failed = await rejectAttempt(tx, { attempt, answer: null, reason, because: reason }, now);
  await finishBatch(tx, attempt.batchId, now);
  return { payouts: failed.length };
}

/** A person who looks while the bytes are under way would not see what they become. */
function requireIdle({ id, sends, checks, updatedAt }: Attempt, now: Date): void {
  if (sends <= checks || now.getTime() - updatedAt.getTime() >= SENDING_MS_MAX) return;
  throw new Refusal(
    "precondition_failed",
    `attempt ${id} is being sent again just now; look once more in five minutes, then say what you found`,
  );
}

async function requireFree(tx: Tx, attempt: Attempt, providerBatchId: string): Promise<void> {
  const [other] = await queryRows<{ id: string }>(
    tx,
    sql`select id from attempts where rail = ${attempt.rail} and provider_batch_id = ${providerBatchId} limit 1`,
  );
  if (!other) return;
  throw new Refusal("conflict", `batch ${providerBatchId} is attempt ${other.id}; it cannot be ${attempt.id} as well`);
}

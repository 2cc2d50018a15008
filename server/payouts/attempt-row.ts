import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { assertInvariant, Refusal } from "@/server/errors";
import type { FrozenSubmission } from "@/server/rails";

/** One submission to a rail as the verbs of this room work on it. */
export type Attempt = {
  readonly id: string;
  readonly batchId: string;
  readonly rail: string;
  readonly submission: FrozenSubmission;
  readonly state: "submitting" | "accepted" | "rejected" | "unknown";
  readonly providerBatchId: string | null;
  /** What the last outcome or look brought, in words. */
  readonly reason: string | null;
  /** Times it may have gone out. */
  readonly sends: number;
  /** Outcomes and looks recorded since it was made, or since it was accepted. */
  readonly checks: number;
  readonly firstSentAt: Date | null;
  readonly closedAt: Date | null;
  readonly updatedAt: Date;
  readonly createdAt: Date;
};

/** Locks an attempt until the transaction ends.
 *  Errors: not_found, invariant_broken (its bytes are not those that were frozen). */
export async function lockAttempt(tx: Tx, attemptId: string): Promise<Attempt> {
  const [row] = await queryRows<{
    batch_id: string;
    rail: string;
    key: string;
    body: string;
    body_hash: string;
    state: Attempt["state"];
    provider_batch_id: string | null;
    reason: string | null;
    sends: number;
    checks: number;
    first_sent_at: string | null;
    closed_at: string | null;
    updated_at: string;
    created_at: string;
  }>(
    tx,
    sql`select batch_id, rail, key, body, body_hash, state, provider_batch_id, reason, sends, checks, first_sent_at, closed_at, updated_at, created_at
        from attempts where id = ${attemptId} for update`,
  );
  if (!row) throw new Refusal("not_found", `there is no attempt ${attemptId}`);
  assertInvariant(
    sha256(row.body) === row.body_hash,
    `the bytes of attempt ${attemptId} are not those that were frozen`,
  );
  return {
    id: attemptId,
    batchId: row.batch_id,
    rail: row.rail,
    submission: { key: row.key, body: row.body },
    state: row.state,
    providerBatchId: row.provider_batch_id,
    reason: row.reason,
    sends: row.sends,
    checks: row.checks,
    firstSentAt: row.first_sent_at === null ? null : new Date(row.first_sent_at),
    closedAt: row.closed_at === null ? null : new Date(row.closed_at),
    updatedAt: new Date(row.updated_at),
    createdAt: new Date(row.created_at),
  };
}

/** SHA-256 of a text, 64 hexadecimal digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

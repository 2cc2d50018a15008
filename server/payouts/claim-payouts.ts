import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { newId } from "@/server/ids";
import type { FrozenSubmission, Rail } from "@/server/rails";
import { sha256 } from "./attempt-row";
import { finishBatch } from "./finish-batch";
import { movePayouts } from "./move-payouts";
import { lockPayouts, type Payout } from "./payout-row";

/** An intent that is committed when the transaction is: send it as it stands (see takeSubmission), or find it here again. */
export type Claim = { attemptId: string; submission: FrozenSubmission };

/** Freezes the next submission of a batch: at most `limit` queued payouts, their bytes and their key. An attempt whose outcome was never
 *  recorded comes first, with the very same bytes. null: nothing may be sent now (all is claimed, or the last attempt waits to be repeated).
 *  Several may claim at once; each gets other payouts. A payout that the rail refuses is canceled, and its neighbours go on. */
export async function claimPayouts(
  tx: Tx,
  input: { batchId: string; rail: Rail; limit: number },
  now: Date,
): Promise<Claim | null> {
  const { batchId, rail } = input;
  const left = await findUnfinished(tx, batchId, rail, now);
  if (left) return left.isDue ? left.claim : null;
  for (;;) {
    const queued = await pickQueued(tx, { ...input, limit: Math.min(input.limit, rail.maxItems) });
    if (queued.length === 0) return null;
    const refused = queued.flatMap((payout) => {
      const refusal = rail.refuses(payout);
      return refusal === null ? [] : [{ payout, reason: `${rail.title} cannot carry it: ${refusal}` }];
    });
    await movePayouts(
      tx,
      refused.map((refusal) => ({ ...refusal, to: "canceled", eventAt: now })),
      now,
    );
    if (refused.length > 0) await finishBatch(tx, batchId, now);
    const ids = new Set(refused.map(({ payout }) => payout.id));
    const payouts = queued.filter(({ id }) => !ids.has(id));
    if (payouts.length > 0) return freeze(tx, batchId, rail, payouts, now);
  }
}

async function findUnfinished(
  tx: Tx,
  batchId: string,
  rail: Rail,
  now: Date,
): Promise<{ claim: Claim; isDue: boolean } | null> {
  const [row] = await queryRows<{ id: string; key: string; body: string; is_due: boolean }>(
    tx,
    sql`select id, key, body, coalesce(next_check_at <= ${now.toISOString()}::timestamptz, true) as is_due from attempts
        where batch_id = ${batchId} and rail = ${rail.name} and state = 'submitting' order by is_due desc, id limit 1`,
  );
  if (!row) return null;
  return { claim: { attemptId: row.id, submission: { key: row.key, body: row.body } }, isDue: row.is_due };
}

function pickQueued(
  tx: Tx,
  { batchId, rail, limit }: { batchId: string; rail: Rail; limit: number },
): Promise<Payout[]> {
  return lockPayouts(
    tx,
    sql`p.batch_id = ${batchId} and p.state = 'queued' and p.rail = ${rail.name}`,
    sql`limit ${limit} for update of p skip locked`,
  );
}

async function freeze(tx: Tx, batchId: string, rail: Rail, payouts: readonly Payout[], now: Date): Promise<Claim> {
  const [batch] = await queryRows<{ name: string }>(
    tx,
    sql`select p.name from payout_batches b join programs p on p.id = b.program_id where b.id = ${batchId}`,
  );
  const note = `Payout of ${batch?.name ?? "your program"}`;
  const attemptId = newId("att", now);
  const items = payouts.map(({ id, receiver, amount }) => ({ payoutId: id, receiver, amount, note }));
  const submission = rail.freeze(keyOf(payouts), items);
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`insert into attempts (id, batch_id, rail, key, body, body_hash, item_count, state, updated_at, created_at)
        values (${attemptId}, ${batchId}, ${rail.name}, ${submission.key}, ${submission.body}, ${sha256(submission.body)},
          ${payouts.length}, 'submitting', ${at}, ${at})`,
  );
  await movePayouts(
    tx,
    payouts.map((payout) => ({ payout, to: "submitting", reason: null, eventAt: now, attemptId })),
    now,
  );
  return { attemptId, submission };
}

/** The provider's key of a submission follows from the payouts in it, in their frozen order: a database that was restored from a backup and has
 *  forgotten the attempt makes the same key again, and the provider recognises the repeat. */
function keyOf(payouts: readonly Payout[]): string {
  return sha256(payouts.map(({ id }) => id).join("\n"));
}

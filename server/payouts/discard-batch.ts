import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import type { Tx } from "@/server/db";
import { lockDraft } from "./lock-draft";
import { movePayouts } from "./move-payouts";
import { lockPayouts } from "./payout-row";

/** Throws a draft away: what it collected is free for the next plan. Its findings stay.
 *  Errors: not_found, precondition_failed (not a draft). */
export async function discardBatch(tx: Tx, input: { batchId: string }, now: Date): Promise<void> {
  const { id: batchId } = await lockDraft(tx, input.batchId);
  const payouts = await lockPayouts(tx, sql`p.batch_id = ${batchId} and p.state = 'planned'`);
  await tx.execute(sql`update payout_batches set state = 'discarded' where id = ${batchId}`);
  await movePayouts(
    tx,
    payouts.map((payout) => ({ payout, to: "canceled", reason: "the draft was discarded", eventAt: now })),
    now,
  );
  const details = { payouts: String(payouts.length) };
  await recordActivity(tx, [{ kind: "batch.discarded", subjectId: batchId, batchId, details, eventAt: now }], now);
}

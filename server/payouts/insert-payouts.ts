import { sql } from "drizzle-orm";
import { jsonRows, type Tx } from "@/server/db";
import { chunksOf } from "./chunks";
import { insertPayoutEvents } from "./move-payouts";
import type { Payout } from "./payout-row";

/** A payout that stands nowhere yet, and the failed one it tries again. */
export type NewPayout = Payout & { readonly retryOf: string | null };

const CHUNK = 2000;

/** Writes new payouts in state `planned`: amount, receiver and rail are frozen from here on. Their lines are the caller's. */
export async function insertPayouts(tx: Tx, payouts: readonly NewPayout[], reason: string, now: Date): Promise<void> {
  for (const chunk of chunksOf(payouts, CHUNK)) {
    const rows = jsonRows(
      chunk.map((payout) => ({
        id: payout.id,
        batch_id: payout.batchId,
        affiliate_id: payout.affiliateId,
        program_id: payout.programId,
        currency: payout.amount.currency,
        amount_minor: payout.amount.minor,
        rail: payout.rail,
        receiver: payout.receiver,
        retry_of: payout.retryOf,
      })),
    );
    const at = sql`${now.toISOString()}::timestamptz`;
    await tx.execute(
      sql`insert into payouts (id, batch_id, affiliate_id, program_id, currency, amount_minor, rail, receiver, retry_of, state, updated_at, created_at)
          select r.*, 'planned', ${at}, ${at} from ${rows} as r(id text, batch_id text, affiliate_id text, program_id text, currency text,
            amount_minor bigint, rail text, receiver text, retry_of text)`,
    );
    await insertPayoutEvents(
      tx,
      chunk.map((payout) => ({ payout, from: null, to: "planned", applied: true, reason, eventAt: now })),
      now,
    );
  }
}

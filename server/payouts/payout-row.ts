import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { Money } from "@/server/money";
import type { State } from "./rules/states";

/** A payout as the verbs of this room work on it. */
export type Payout = {
  readonly id: string;
  readonly batchId: string;
  readonly affiliateId: string;
  readonly programId: string;
  readonly amount: Money;
  readonly rail: string;
  readonly receiver: string;
  readonly state: State;
  readonly providerStatus: string | null;
  readonly providerItemId: string | null;
  readonly providerAt: Date | null;
  readonly attemptId: string | null;
};

/** Locks payouts in id order until the transaction ends. `where` is a condition on `payouts p`; `locking` may limit and skip. */
export async function lockPayouts(tx: Tx, where: SQL, locking: SQL = sql`for update of p`): Promise<Payout[]> {
  const rows = await queryRows<{
    id: string;
    batch_id: string;
    affiliate_id: string;
    program_id: string;
    currency: string;
    amount_minor: string;
    rail: string;
    receiver: string;
    state: State;
    provider_status: string | null;
    provider_item_id: string | null;
    provider_at: string | null;
    attempt_id: string | null;
  }>(
    tx,
    sql`select p.id, p.batch_id, p.affiliate_id, p.program_id, p.currency, p.amount_minor, p.rail, p.receiver, p.state, p.provider_status,
          p.provider_item_id, p.provider_at, p.attempt_id
        from payouts p where ${where} order by p.id ${locking}`,
  );
  return rows.map((row) => ({
    id: row.id,
    batchId: row.batch_id,
    affiliateId: row.affiliate_id,
    programId: row.program_id,
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    rail: row.rail,
    receiver: row.receiver,
    state: row.state,
    providerStatus: row.provider_status,
    providerItemId: row.provider_item_id,
    providerAt: row.provider_at === null ? null : new Date(row.provider_at),
    attemptId: row.attempt_id,
  }));
}

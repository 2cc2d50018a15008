import { sql } from "drizzle-orm";
import { type CommissionEffect, type CommissionState, commissionOf, type Trace } from "@/server/commissions";
import { type ConversionDetail, getConversion } from "@/server/conversions";
import { queryRows, type Tx } from "@/server/db";
import { assertInvariant } from "@/server/errors";
import { type EntryRow, entriesOf } from "@/server/ledger";
import type { Money } from "@/server/money";
import type { State } from "@/server/payouts";
import type { Stage } from "./rules/stage";
import { listStagedConversions } from "./staged-conversions";

/** Everything behind one conversion, from the bytes that reported it to the payout that pays it. */
export type ConversionTrace = {
  conversion: ConversionDetail;
  stage: Stage;
  /** Why what is owed now is owed, or nothing, in words. */
  explanation: string;
  commission: {
    id: string;
    amount: Money;
    state: CommissionState;
    holdUntil: Date;
    approved: boolean;
    /** The calculation in parts. */
    trace: Trace;
    effects: (CommissionEffect & { entries: EntryRow[] })[];
  } | null;
  payouts: PayoutOfCommission[];
};

export type PayoutOfCommission = {
  payoutId: string;
  batchId: string;
  state: State;
  rail: string;
  /** What this payout pays of the commission. */
  amount: Money;
  reason: string | null;
  plannedAt: Date;
  sentAt: Date | null;
  settledAt: Date | null;
  stateAt: Date;
};

/** Walks one conversion forth to its payouts and back to its deliveries. Errors: not_found. */
export async function traceConversion(tx: Tx, conversionId: string, now: Date): Promise<ConversionTrace> {
  const conversion = await getConversion(tx, conversionId);
  const commission = await commissionOf(tx, conversionId);
  const filter = { conversionId, reader: "operator" as const, newest: "change" as const, limit: 1 };
  const [staged] = await listStagedConversions(tx, filter, now);
  assertInvariant(staged, `conversion ${conversionId} was read and is not in the list of conversions`);
  const entries = await entriesOf(tx, commission?.effects.map((effect) => effect.id) ?? []);
  return {
    conversion,
    stage: staged.stage,
    explanation: staged.explanation,
    commission: commission
      ? {
          id: commission.id,
          amount: commission.holding.amount,
          state: commission.holding.state,
          holdUntil: commission.holdUntil,
          approved: commission.holding.approved,
          trace: commission.trace,
          effects: commission.effects.map((effect) => ({
            ...effect,
            entries: entries.filter((entry) => entry.causeId === effect.id),
          })),
        }
      : null,
    payouts: commission ? await payoutsOfCommission(tx, commission.id) : [],
  };
}

async function payoutsOfCommission(tx: Tx, commissionId: string): Promise<PayoutOfCommission[]> {
  const rows = await queryRows<{
    id: string;
    batch_id: string;
    state: PayoutOfCommission["state"];
    rail: string;
    amount_minor: string;
    currency: string;
    reason: string | null;
    created_at: string;
    first_sent_at: string | null;
    settled_at: string | null;
    updated_at: string;
  }>(
    tx,
    sql`select p.id, p.batch_id, p.state, p.rail, sum(l.amount_minor) as amount_minor, l.currency, p.reason, p.created_at, t.first_sent_at,
          p.settled_at, p.updated_at
        from payout_lines l join payouts p on p.id = l.payout_id left join attempts t on t.id = p.attempt_id
        where l.commission_id = ${commissionId}
        group by p.id, l.currency, t.first_sent_at order by p.created_at, p.id`,
  );
  return rows.map((row) => ({
    payoutId: row.id,
    batchId: row.batch_id,
    state: row.state,
    rail: row.rail,
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    reason: row.reason,
    plannedAt: new Date(row.created_at),
    sentAt: row.first_sent_at === null ? null : new Date(row.first_sent_at),
    settledAt: row.settled_at === null ? null : new Date(row.settled_at),
    stateAt: new Date(row.updated_at),
  }));
}

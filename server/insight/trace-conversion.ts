import { sql } from "drizzle-orm";
import { type CommissionEffect, type CommissionState, commissionOf, explain, type Trace } from "@/server/commissions";
import { type ConversionDetail, getConversion } from "@/server/conversions";
import { queryRows, type Tx } from "@/server/db";
import { type EntryRow, entriesOf } from "@/server/ledger";
import type { Money } from "@/server/money";
import { type Stage, type StageInput, stageOf } from "./rules/stage";

/** Everything behind one conversion, from the bytes that reported it to the payout that pays it. */
export type ConversionTrace = {
  conversion: ConversionDetail;
  stage: Stage;
  commission: {
    id: string;
    amount: Money;
    state: CommissionState;
    holdUntil: Date;
    approved: boolean;
    /** The calculation in words, and in parts. */
    explanation: string;
    trace: Trace;
    effects: (CommissionEffect & { entries: EntryRow[] })[];
  } | null;
  payouts: PayoutOfCommission[];
};

export type PayoutOfCommission = {
  payoutId: string;
  batchId: string;
  state: NonNullable<StageInput["payout"]>["state"];
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
  const payouts = commission ? await payoutsOfCommission(tx, commission.id) : [];
  const entries = await entriesOf(tx, commission?.effects.map((effect) => effect.id) ?? []);
  return {
    conversion,
    stage: stageOf(stageInputOf(conversion, commission, payouts, now)),
    commission: commission
      ? {
          id: commission.id,
          amount: commission.holding.amount,
          state: commission.holding.state,
          holdUntil: commission.holdUntil,
          approved: commission.holding.approved,
          explanation: explain(commission.trace),
          trace: commission.trace,
          effects: commission.effects.map((effect) => ({
            ...effect,
            entries: entries.filter((entry) => entry.causeId === effect.id),
          })),
        }
      : null,
    payouts,
  };
}

function stageInputOf(
  conversion: ConversionDetail,
  commission: Awaited<ReturnType<typeof commissionOf>>,
  payouts: readonly PayoutOfCommission[],
  now: Date,
): StageInput {
  const { networkStatus, reward } = conversion.state;
  const lastSaid = conversion.changes.findLast((change) => change.applied && change.toStatus === networkStatus);
  const approvedChange = conversion.changes.findLast((change) => change.applied && change.toStatus === "approved");
  return {
    clickedAt: conversion.clickedAt,
    reportedAt: conversion.firstReportedAt,
    networkStatus,
    statusAt: lastSaid?.eventAt ?? conversion.firstReportedAt,
    reporter: { kind: reward === null ? "shop" : "network", name: conversion.sourceName },
    parkedReason: conversion.unattributedReason,
    unpricedReason: conversion.unpricedReason,
    commission: commission
      ? {
          state: commission.holding.state,
          approvedAt: commission.holding.approved ? (approvedChange?.eventAt ?? null) : null,
          holdUntil: commission.holdUntil,
          releasedAt: commission.effects.find((effect) => effect.kind === "release")?.eventAt ?? null,
        }
      : null,
    payout: payouts.at(-1) ?? null,
    nextBatchAt: null,
    now,
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

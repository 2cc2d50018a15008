import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { type Money, toDecimal } from "@/server/money";
import { lockBalances } from "./lock-balances";
import { lockDraft } from "./lock-draft";
import { movePayouts } from "./move-payouts";
import { lockPayouts, type Payout } from "./payout-row";
import type { ValidatorName } from "./rules/validators";
import { sayAmount } from "./rules/words";

export type ApprovedBatch = { payouts: number; droppedOut: number; total: Money };

type DropOut = { payout: Payout; validator: ValidatorName; reason: string };

/** Approves a draft: each payout is looked at once more, those that no longer hold drop out with a finding, the rest moves from the affiliates'
 *  accounts into transit and waits for its rail. Of two approvals at once one wins.
 *  Errors: not_found, precondition_failed (not a draft: names who approved it; or nothing in it can be paid). */
export async function approveBatch(
  tx: Tx,
  input: { batchId: string; approvedBy: string },
  now: Date,
): Promise<ApprovedBatch> {
  const { id: batchId, currency } = await lockDraft(tx, input.batchId);
  const balances = await lockBalances(tx, sql`select affiliate_id, currency from payouts where batch_id = ${batchId}`);
  const payouts = await lockPayouts(tx, sql`p.batch_id = ${batchId} and p.state = 'planned'`);
  const standings = await readStandings(tx, batchId);
  const dropOuts = payouts.flatMap((payout) => dropOutOf(payout, standings.get(payout.id), balances) ?? []);
  const dropped = new Set(dropOuts.map(({ payout }) => payout.id));
  const fit = payouts.filter(({ id }) => !dropped.has(id));
  if (fit.length === 0) {
    const why = dropOuts[0] ? ` (${dropOuts[0].reason})` : "";
    throw new Refusal(
      "precondition_failed",
      `batch ${batchId} has no payout that can be approved${why}; discard it and plan again`,
    );
  }
  await tx.execute(
    sql`update payout_batches set state = 'approved', approved_by = ${input.approvedBy}, approved_at = ${now.toISOString()}::timestamptz where id = ${batchId}`,
  );
  await dropOut(tx, batchId, dropOuts, now);
  await movePayouts(
    tx,
    fit.map((payout) => ({ payout, to: "queued", reason: null, eventAt: now })),
    now,
  );
  const total = { minor: fit.reduce((sum, payout) => sum + payout.amount.minor, 0n), currency };
  const approved = { payouts: fit.length, droppedOut: dropOuts.length, total };
  const details = {
    payouts: String(fit.length),
    droppedOut: String(dropOuts.length),
    amount: toDecimal(total),
    currency,
  };
  await recordActivity(tx, [{ kind: "batch.approved", subjectId: batchId, batchId, details, eventAt: now }], now);
  return approved;
}

type Standing = { status: string; is_destination_current: boolean };

async function readStandings(tx: Tx, batchId: string): Promise<Map<string, Standing>> {
  const rows = await queryRows<Standing & { id: string }>(
    tx,
    sql`select p.id, a.status, exists (select from destinations d where d.affiliate_id = p.affiliate_id and d.ended_at is null
            and d.rail = p.rail and d.receiver = p.receiver) as is_destination_current
        from payouts p join affiliates a on a.id = p.affiliate_id where p.batch_id = ${batchId}`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function dropOutOf(payout: Payout, standing: Standing | undefined, balances: Map<string, bigint>): DropOut | null {
  if (standing?.status !== "active") {
    return {
      payout,
      validator: "profile",
      reason: "The affiliate was suspended after the batch was planned; only active affiliates are paid.",
    };
  }
  if (!standing.is_destination_current) {
    return {
      payout,
      validator: "destination",
      reason: "The destination was changed after the batch was planned; a later batch pays to the new one.",
    };
  }
  const payableMinor = balances.get(`${payout.affiliateId} ${payout.amount.currency}`) ?? 0n;
  if (payableMinor >= payout.amount.minor) return null;
  const payable = sayAmount({ minor: payableMinor, currency: payout.amount.currency });
  const reason = `${sayAmount(payout.amount)} was planned, but the account stands at ${payable} now; a payout never exceeds the account.`;
  return { payout, validator: "balance", reason };
}

async function dropOut(tx: Tx, batchId: string, dropOuts: readonly DropOut[], now: Date): Promise<void> {
  if (dropOuts.length === 0) return;
  await movePayouts(
    tx,
    dropOuts.map(({ payout, reason }) => ({ payout, to: "canceled", reason, eventAt: now })),
    now,
  );
  const rows = dropOuts.map(({ payout, validator, reason }) => ({
    affiliate_id: payout.affiliateId,
    validator,
    finding: reason,
    amount_minor: payout.amount.minor,
  }));
  await tx.execute(
    sql`insert into batch_findings (batch_id, affiliate_id, validator, blocks, finding, amount_minor, held_minor, created_at)
        select ${batchId}, r.affiliate_id, r.validator, true, r.finding, r.amount_minor, 0, ${now.toISOString()}::timestamptz
        from ${jsonRows(rows)} as r(affiliate_id text, validator text, finding text, amount_minor bigint)`,
  );
}

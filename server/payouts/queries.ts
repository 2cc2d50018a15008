import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import type { Money } from "@/server/money";
import type { State } from "./rules/states";

export type BatchState = "draft" | "approved" | "finished" | "discarded";

/** A batch in a list: its payouts without those that were canceled or retried as another one. */
export type BatchSummary = {
  id: string;
  programId: string;
  programName: string;
  state: BatchState;
  cutOff: Date;
  plannedBy: string;
  approvedBy: string | null;
  approvedAt: Date | null;
  finishedAt: Date | null;
  createdAt: Date;
  payouts: number;
  total: Money;
};

/** How the payouts of a batch stand. `retried`: failed or returned, and tried again as another payout. */
export type StateTotal = { state: State | "retried"; payouts: number; total: Money };

export type BatchDetail = BatchSummary & {
  totals: StateTotal[];
  /** Affiliates left out, each with a finding that says why. */
  leftOut: number;
  /** Payouts whose first outcome is known, of all that were approved. */
  progress: { done: number; of: number };
};

type BatchRow = {
  id: string;
  program_id: string;
  program_name: string;
  currency: string;
  state: BatchState;
  cut_off: string;
  planned_by: string;
  approved_by: string | null;
  approved_at: string | null;
  finished_at: string | null;
  created_at: string;
  payouts: number;
  total_minor: string;
};

/** Batches, newest first, after the last one of the page before. */
export async function listBatches(tx: Tx, input: { afterId: string | null; limit: number }): Promise<BatchSummary[]> {
  const after =
    input.afterId === null
      ? sql`true`
      : sql`(b.created_at, b.id) < (select created_at, id from payout_batches where id = ${input.afterId})`;
  return readBatches(tx, sql`${after} order by b.created_at desc, b.id desc limit ${input.limit}`);
}

/** One batch with its totals. Errors: not_found. */
export async function getBatch(tx: Tx, batchId: string): Promise<BatchDetail> {
  const [batch] = await readBatches(tx, sql`b.id = ${batchId}`);
  if (!batch) throw new Refusal("not_found", `there is no payout batch ${batchId}`);
  const { currency } = batch.total;
  const rows = await queryRows<{ state: StateTotal["state"]; payouts: number; total_minor: string }>(
    tx,
    sql`select case when r.id is null then p.state else 'retried' end as state, count(*)::int as payouts, sum(p.amount_minor)::bigint as total_minor
        from payouts p left join payouts r on r.retry_of = p.id where p.batch_id = ${batchId} group by 1 order by 1`,
  );
  const [left] = await queryRows<{ left_out: number }>(
    tx,
    sql`select count(distinct affiliate_id)::int as left_out from batch_findings where batch_id = ${batchId} and blocks`,
  );
  const totals = rows.map((row) => ({
    state: row.state,
    payouts: row.payouts,
    total: { minor: BigInt(row.total_minor), currency },
  }));
  return { ...batch, totals, leftOut: left?.left_out ?? 0, progress: progressOf(totals) };
}

function progressOf(totals: readonly StateTotal[]): { done: number; of: number } {
  const waiting: readonly string[] = ["planned", "queued", "submitting", "submitted", "unknown"];
  const counted = totals.filter(({ state }) => state !== "canceled" && state !== "retried");
  const count = (some: readonly StateTotal[]) => some.reduce((sum, { payouts }) => sum + payouts, 0);
  return { done: count(counted.filter(({ state }) => !waiting.includes(state))), of: count(counted) };
}

async function readBatches(tx: Tx, rest: SQL): Promise<BatchSummary[]> {
  const rows = await queryRows<BatchRow>(
    tx,
    sql`select b.id, b.program_id, g.name as program_name, b.currency, b.state, b.cut_off, coalesce(planner.name, b.planned_by) as planned_by,
          coalesce(approver.name, b.approved_by) as approved_by, b.approved_at, b.finished_at, b.created_at, s.payouts, s.total_minor
        from payout_batches b join programs g on g.id = b.program_id
        left join users planner on planner.id = b.planned_by left join users approver on approver.id = b.approved_by
        cross join lateral (select count(*)::int as payouts, coalesce(sum(p.amount_minor), 0)::bigint as total_minor from payouts p
          where p.batch_id = b.id and p.state <> 'canceled' and not exists (select from payouts r where r.retry_of = p.id)) s
        where ${rest}`,
  );
  return rows.map((row) => ({
    id: row.id,
    programId: row.program_id,
    programName: row.program_name,
    state: row.state,
    cutOff: new Date(row.cut_off),
    plannedBy: row.planned_by,
    approvedBy: row.approved_by,
    approvedAt: row.approved_at === null ? null : new Date(row.approved_at),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
    createdAt: new Date(row.created_at),
    payouts: row.payouts,
    total: { minor: BigInt(row.total_minor), currency: row.currency },
  }));
}

/** A payout in a list. */
export type PayoutSummary = {
  id: string;
  batchId: string;
  programName: string;
  affiliateId: string;
  affiliateName: string;
  amount: Money;
  rail: string;
  receiver: string;
  state: State;
  reason: string | null;
  providerStatus: string | null;
  retryOf: string | null;
  retriedAs: string | null;
  settledAt: Date | null;
  updatedAt: Date;
  createdAt: Date;
};

/** Payouts of a batch in id order, after the last one of the page before; all, or those in some states. */
export async function listPayoutsOfBatch(
  tx: Tx,
  input: { batchId: string; states: readonly State[] | null; afterId: string | null; limit: number },
): Promise<PayoutSummary[]> {
  const inStates = input.states === null || input.states.length === 0 ? sql`true` : sql`p.state in ${input.states}`;
  const after = input.afterId === null ? sql`true` : sql`p.id > ${input.afterId}`;
  return readPayouts(
    tx,
    sql`p.batch_id = ${input.batchId} and ${inStates} and ${after} order by p.id limit ${input.limit}`,
  );
}

/** Payouts of an affiliate as the affiliate may see them, newest first: no drafts and nothing that a draft dropped. */
export async function listPayoutsOfAffiliate(
  tx: Tx,
  input: { affiliateId: string; afterId: string | null; limit: number },
): Promise<PayoutSummary[]> {
  const after =
    input.afterId === null
      ? sql`true`
      : sql`(p.created_at, p.id) < (select created_at, id from payouts where id = ${input.afterId})`;
  return readPayouts(
    tx,
    sql`p.affiliate_id = ${input.affiliateId} and p.state not in ('planned', 'canceled') and ${after}
        order by p.created_at desc, p.id desc limit ${input.limit}`,
  );
}

/** The most payouts shown as needing attention at once: more than a person works through in one go. */
const ATTENTION_MAX = 100;

/** Payouts over all batches that wait for a person, the latest first: unknown ones, or those proven unpaid and not tried again. */
export async function listAttention(tx: Tx, input: { kind: "unknown" | "failed" }): Promise<PayoutSummary[]> {
  const waits =
    input.kind === "unknown"
      ? sql`p.state = 'unknown'`
      : sql`p.state in ('failed', 'returned', 'reversed') and not exists (select from payouts r where r.retry_of = p.id)
          and exists (select from payout_lines l where l.payout_id = p.id and not exists (
            select from payout_lines later where later.effect_id = l.effect_id and later.active))`;
  return readPayouts(tx, sql`${waits} order by p.updated_at desc, p.id desc limit ${ATTENTION_MAX}`);
}

/** One payout as it stands in lists. Errors: not_found. */
export async function getPayoutSummary(tx: Tx, payoutId: string): Promise<PayoutSummary> {
  const [payout] = await readPayouts(tx, sql`p.id = ${payoutId}`);
  if (!payout) throw new Refusal("not_found", `there is no payout ${payoutId}`);
  return payout;
}

async function readPayouts(tx: Tx, rest: SQL): Promise<PayoutSummary[]> {
  const rows = await queryRows<{
    id: string;
    batch_id: string;
    program_name: string;
    affiliate_id: string;
    affiliate_name: string;
    amount_minor: string;
    currency: string;
    rail: string;
    receiver: string;
    state: State;
    reason: string | null;
    provider_status: string | null;
    retry_of: string | null;
    retried_as: string | null;
    settled_at: string | null;
    updated_at: string;
    created_at: string;
  }>(
    tx,
    sql`select p.id, p.batch_id, g.name as program_name, p.affiliate_id, a.name as affiliate_name, p.amount_minor, p.currency, p.rail, p.receiver,
          p.state, p.reason, p.provider_status, p.retry_of, (select r.id from payouts r where r.retry_of = p.id) as retried_as,
          p.settled_at, p.updated_at, p.created_at
        from payouts p join affiliates a on a.id = p.affiliate_id join programs g on g.id = p.program_id where ${rest}`,
  );
  return rows.map((row) => ({
    id: row.id,
    batchId: row.batch_id,
    programName: row.program_name,
    affiliateId: row.affiliate_id,
    affiliateName: row.affiliate_name,
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    rail: row.rail,
    receiver: row.receiver,
    state: row.state,
    reason: row.reason,
    providerStatus: row.provider_status,
    retryOf: row.retry_of,
    retriedAs: row.retried_as,
    settledAt: row.settled_at === null ? null : new Date(row.settled_at),
    updatedAt: new Date(row.updated_at),
    createdAt: new Date(row.created_at),
  }));
}

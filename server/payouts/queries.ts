import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import type { BatchDetail, BatchSummary, OwnPayout, PayoutSummary, Retryable, StateTotal } from "./output";
import { whyForAffiliate } from "./rules/own-words";
import { type State, UNSETTLED } from "./rules/states";

type BatchRow = {
  id: string;
  program_id: string;
  program_name: string;
  currency: string;
  state: BatchSummary["state"];
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
    sql`select ${stateInBatch} as state, count(*)::int as payouts, sum(p.amount_minor)::bigint as total_minor
        from payouts p where p.batch_id = ${batchId} group by 1 order by 1`,
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
  const counted = totals.filter(({ state }) => state !== "canceled" && state !== "retried");
  const count = (some: readonly StateTotal[]) => some.reduce((sum, { payouts }) => sum + payouts, 0);
  return {
    done: count(counted.filter(({ state }) => !(UNSETTLED as readonly string[]).includes(state))),
    of: count(counted),
  };
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

/** Payouts of a batch in id order, after the last one of the page before; all, or those in some states as `getBatch` counts them. */
export async function listPayoutsOfBatch(
  tx: Tx,
  input: { batchId: string; states: readonly StateTotal["state"][] | null; afterId: string | null; limit: number },
): Promise<PayoutSummary[]> {
  const inStates =
    input.states === null || input.states.length === 0 ? sql`true` : sql`${stateInBatch} in ${input.states}`;
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
): Promise<OwnPayout[]> {
  const after =
    input.afterId === null
      ? sql`true`
      : sql`(p.created_at, p.id) < (select created_at, id from payouts where id = ${input.afterId})`;
  const payouts = await readPayouts(
    tx,
    sql`p.affiliate_id = ${input.affiliateId} and p.state not in ('planned', 'canceled') and ${after}
        order by p.created_at desc, p.id desc limit ${input.limit}`,
  );
  return payouts.flatMap((payout) => toOwnPayout(payout) ?? []);
}

/** What an affiliate may see of a payout of its own; null of one that was never approved. */
export function toOwnPayout(payout: PayoutSummary): OwnPayout | null {
  const { id, programName, amount, receiver, state, settledAt, updatedAt, createdAt } = payout;
  if (state === "planned" || state === "canceled") return null;
  const why = whyForAffiliate(payout);
  return { id, programName, amount, receiver, state, why, settledAt, updatedAt, createdAt };
}

/** Where a payout `p` stands for whoever counts its batch: once it was tried again, its successor counts. */
const stateInBatch = sql`case when exists (select from payouts r where r.retry_of = p.id) then 'retried' else p.state end`;

/** What of a payout `p` no other payout has taken since; null when all of it is taken. */
const freeMinor = sql`(select sum(l.amount_minor) from payout_lines l where l.payout_id = p.id
  and not exists (select from payout_lines later where later.effect_id = l.effect_id and later.active))`;

/** Whether a payout `p` waits for a person to try it again: it is proven unpaid, was not tried again, and later batches left something of it. */
export const waitsForRetry = sql`p.state in ('failed', 'returned', 'reversed') and not exists (select from payouts r where r.retry_of = p.id)
  and ${freeMinor} > 0`;

/** Whether nobody knows what became of a payout `p`. */
export const isUnknown = sql`p.state = 'unknown'`;

/** Payouts over all batches that wait for a person, the latest first, after the last one of the page before: unknown ones, or those that
 *  wait to be tried again. */
export async function listAttention(
  tx: Tx,
  input: { kind: "unknown" | "failed"; afterId: string | null; limit: number },
): Promise<PayoutSummary[]> {
  const after =
    input.afterId === null
      ? sql`true`
      : sql`(p.updated_at, p.id) < (select updated_at, id from payouts where id = ${input.afterId})`;
  return readPayouts(
    tx,
    sql`${input.kind === "unknown" ? isUnknown : waitsForRetry} and ${after} order by p.updated_at desc, p.id desc limit ${input.limit}`,
  );
}

/** What of a batch can be tried again, with what that would send: of each payout what no other one has taken since. Errors: not_found. */
export async function retryableOf(tx: Tx, input: { batchId: string; limit: number }): Promise<Retryable> {
  const { total } = await getBatch(tx, input.batchId);
  const [row] = await queryRows<{ count: number; total_minor: string; next_minor: string; ids: string[] }>(
    tx,
    sql`select count(*)::int as count, coalesce(sum(minor), 0)::bigint as total_minor,
          coalesce(sum(minor) filter (where place <= ${input.limit}), 0)::bigint as next_minor,
          coalesce(array_agg(id order by id) filter (where place <= ${input.limit}), '{}') as ids
        from (select p.id, row_number() over (order by p.id) as place, ${freeMinor} as minor from payouts p
              where p.batch_id = ${input.batchId} and ${waitsForRetry}) waiting`,
  );
  const inCurrency = (minor: string | undefined) => ({ minor: BigInt(minor ?? 0), currency: total.currency });
  return {
    count: row?.count ?? 0,
    total: inCurrency(row?.total_minor),
    next: { payoutIds: row?.ids ?? [], total: inCurrency(row?.next_minor) },
  };
}

/** The names of those whom some payouts pay, by payout. */
export async function affiliateNamesOf(tx: Tx, payoutIds: readonly string[]): Promise<Map<string, string>> {
  if (payoutIds.length === 0) return new Map();
  const rows = await queryRows<{ id: string; name: string }>(
    tx,
    sql`select p.id, a.name from payouts p join affiliates a on a.id = p.affiliate_id where p.id in ${payoutIds}`,
  );
  return new Map(rows.map((row) => [row.id, row.name]));
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

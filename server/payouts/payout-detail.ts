import { sql } from "drizzle-orm";
import type { Trace } from "@/server/commissions";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { type EntryRow, entriesOf } from "@/server/ledger";
import type { Money } from "@/server/money";
import { getPayoutSummary, type PayoutSummary } from "./queries";
import type { State } from "./rules/states";

/** One movement that a payout pays, back to its conversion. */
export type LineRow = {
  effectId: string;
  kind: string;
  commissionId: string;
  conversionId: string;
  externalId: string;
  sourceName: string;
  amount: Money;
  trace: Trace;
  eventAt: Date;
};

export type PayoutEventRow = {
  id: string;
  from: State | null;
  to: State;
  applied: boolean;
  providerStatus: string | null;
  reason: string | null;
  eventAt: Date;
};

/** The submission that carried a payout, with the provider's last answer as it came. */
export type AttemptRow = {
  id: string;
  key: string;
  state: string;
  providerBatchId: string | null;
  reason: string | null;
  answer: string | null;
  bodyHash: string;
  itemCount: number;
  sends: number;
  firstSentAt: Date | null;
  nextCheckAt: Date | null;
};

/** A payout with everything that explains it. */
export type PayoutDetail = {
  payout: PayoutSummary;
  fee: Money | null;
  providerItemId: string | null;
  lines: LineRow[];
  events: PayoutEventRow[];
  attempt: AttemptRow | null;
  /** The first payout and all its retries, oldest first; this one is among them. */
  chain: PayoutSummary[];
  entries: EntryRow[];
};

/** A commission can have many movements; a payout with more than this shows the newest. */
const LINES_MAX = 500;

/** Everything about one payout. Errors: not_found. */
export async function getPayout(tx: Tx, payoutId: string): Promise<PayoutDetail> {
  const payout = await getPayoutSummary(tx, payoutId);
  const [more] = await queryRows<{
    fee_minor: string | null;
    fee_currency: string | null;
    provider_item_id: string | null;
    attempt_id: string | null;
  }>(tx, sql`select fee_minor, fee_currency, provider_item_id, attempt_id from payouts where id = ${payoutId}`);
  const fee =
    more?.fee_minor && more.fee_currency ? { minor: BigInt(more.fee_minor), currency: more.fee_currency } : null;
  return {
    payout,
    fee,
    providerItemId: more?.provider_item_id ?? null,
    lines: await readLines(tx, payoutId),
    events: await readEvents(tx, payoutId),
    attempt: more?.attempt_id ? await readAttempt(tx, more.attempt_id) : null,
    chain: await readChain(tx, payoutId),
    entries: await entriesOf(tx, [payoutId]),
  };
}

/** What an affiliate may see of one of its own payouts: what it pays and how it went, nothing of the rail's answers or the operator's books. */
export type OwnPayout = Pick<PayoutDetail, "payout" | "lines" | "events">;

/** One payout of an affiliate. Errors: not_found (also for a draft, and for somebody else's). */
export async function getOwnPayout(tx: Tx, input: { payoutId: string; affiliateId: string }): Promise<OwnPayout> {
  const payout = await getPayoutSummary(tx, input.payoutId);
  if (payout.affiliateId !== input.affiliateId || payout.state === "planned") {
    throw new Refusal("not_found", `there is no payout ${input.payoutId}`);
  }
  return { payout, lines: await readLines(tx, payout.id), events: await readEvents(tx, payout.id) };
}

async function readLines(tx: Tx, payoutId: string): Promise<LineRow[]> {
  const rows = await queryRows<{
    effect_id: string;
    kind: string;
    commission_id: string;
    conversion_id: string;
    external_id: string;
    source_name: string;
    amount_minor: string;
    currency: string;
    trace: Trace;
    event_at: string;
  }>(
    tx,
    sql`select l.effect_id, e.kind, l.commission_id, c.conversion_id, v.external_id, s.name as source_name, l.amount_minor, l.currency,
          e.trace, e.event_at
        from payout_lines l join commission_effects e on e.id = l.effect_id join commissions c on c.id = l.commission_id
        join conversions v on v.id = c.conversion_id join sources s on s.id = c.source_id
        where l.payout_id = ${payoutId} order by e.event_at desc, l.effect_id desc limit ${LINES_MAX}`,
  );
  return rows.map((row) => ({
    effectId: row.effect_id,
    kind: row.kind,
    commissionId: row.commission_id,
    conversionId: row.conversion_id,
    externalId: row.external_id,
    sourceName: row.source_name,
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    trace: row.trace,
    eventAt: new Date(row.event_at),
  }));
}

async function readEvents(tx: Tx, payoutId: string): Promise<PayoutEventRow[]> {
  const rows = await queryRows<{
    id: string;
    from_state: State | null;
    to_state: State;
    applied: boolean;
    provider_status: string | null;
    reason: string | null;
    event_at: string;
  }>(
    tx,
    sql`select id, from_state, to_state, applied, provider_status, reason, event_at from payout_events where payout_id = ${payoutId} order by seq`,
  );
  return rows.map((row) => ({
    id: row.id,
    from: row.from_state,
    to: row.to_state,
    applied: row.applied,
    providerStatus: row.provider_status,
    reason: row.reason,
    eventAt: new Date(row.event_at),
  }));
}

async function readAttempt(tx: Tx, attemptId: string): Promise<AttemptRow | null> {
  const [row] = await queryRows<{
    id: string;
    key: string;
    state: string;
    provider_batch_id: string | null;
    reason: string | null;
    answer: string | null;
    body_hash: string;
    item_count: number;
    sends: number;
    first_sent_at: string | null;
    next_check_at: string | null;
  }>(
    tx,
    sql`select id, key, state, provider_batch_id, reason, answer, body_hash, item_count, sends, first_sent_at, next_check_at
        from attempts where id = ${attemptId}`,
  );
  if (!row) return null;
  return {
    id: row.id,
    key: row.key,
    state: row.state,
    providerBatchId: row.provider_batch_id,
    reason: row.reason,
    answer: row.answer,
    bodyHash: row.body_hash,
    itemCount: row.item_count,
    sends: row.sends,
    firstSentAt: row.first_sent_at === null ? null : new Date(row.first_sent_at),
    nextCheckAt: row.next_check_at === null ? null : new Date(row.next_check_at),
  };
}

async function readChain(tx: Tx, payoutId: string): Promise<PayoutSummary[]> {
  const rows = await queryRows<{ id: string }>(
    tx,
    sql`with recursive back as (
          select id, retry_of from payouts where id = ${payoutId}
          union all select p.id, p.retry_of from payouts p join back b on p.id = b.retry_of),
        chain as (
          select id, 1 as place from back where retry_of is null
          union all select p.id, c.place + 1 from payouts p join chain c on p.retry_of = c.id)
        select id from chain order by place`,
  );
  const chain: PayoutSummary[] = [];
  for (const { id } of rows) chain.push(await getPayoutSummary(tx, id));
  return chain;
}

import { sql } from "drizzle-orm";
import type { Trace } from "@/server/commissions";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { entriesOf } from "@/server/ledger";
import type { AttemptRow, LineRow, OwnPayoutDetail, PayoutDetail, PayoutEventRow, PayoutSummary } from "./output";
import { getPayoutSummary, toOwnPayout } from "./queries";
import type { State } from "./rules/states";

/** A payout can pay many movements; one with more than this shows the newest, and says what the rest comes to. */
const LINES_MAX = 500;

/** Everything about one payout, with the newest `linesMax` of its lines. Errors: not_found. */
export async function getPayout(tx: Tx, payoutId: string, linesMax = LINES_MAX): Promise<PayoutDetail> {
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
    ...(await readLines(tx, payout, linesMax)),
    events: await readEvents(tx, payoutId),
    attempt: more?.attempt_id ? await readAttempt(tx, more.attempt_id) : null,
    chain: await readChain(tx, payoutId),
    entries: await entriesOf(tx, [payoutId]),
  };
}

/** One payout of an affiliate. Errors: not_found (also for a draft, and for somebody else's). */
export async function getOwnPayout(tx: Tx, input: { payoutId: string; affiliateId: string }): Promise<OwnPayoutDetail> {
  const summary = await getPayoutSummary(tx, input.payoutId);
  const payout = toOwnPayout(summary);
  if (summary.affiliateId !== input.affiliateId || payout === null) {
    throw new Refusal("not_found", `there is no payout ${input.payoutId}`);
  }
  const { lines, rest } = await readLines(tx, summary, LINES_MAX);
  return {
    payout,
    lines: lines.map(({ effectId, conversionId, externalId, sourceName, amount }) => {
      return { effectId, conversionId, externalId, sourceName, amount };
    }),
    rest,
    events: (await readEvents(tx, payout.id)).flatMap(toOwnEvent),
  };
}

/** Only what happened: no word that came too late, none that left the state as it was, and nothing of the draft. */
function toOwnEvent({ id, from, to, applied, eventAt }: PayoutEventRow): OwnPayoutDetail["events"] {
  return !applied || from === to || to === "planned" || to === "canceled" ? [] : [{ id, to, eventAt }];
}

async function readLines(
  tx: Tx,
  payout: PayoutSummary,
  linesMax: number,
): Promise<Pick<PayoutDetail, "lines" | "rest">> {
  const rows = await queryRows<{
    lines: number;
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
    sql`select count(*) over ()::int as lines, l.effect_id, e.kind, l.commission_id, c.conversion_id, v.external_id, s.name as source_name, l.amount_minor, l.currency,
          e.trace, e.event_at
        from payout_lines l join commission_effects e on e.id = l.effect_id join commissions c on c.id = l.commission_id
        join conversions v on v.id = c.conversion_id join sources s on s.id = c.source_id
        where l.payout_id = ${payout.id} order by e.event_at desc, l.effect_id desc limit ${linesMax}`,
  );
  const lines = rows.map(
    (row): LineRow => ({
      effectId: row.effect_id,
      kind: row.kind,
      commissionId: row.commission_id,
      conversionId: row.conversion_id,
      externalId: row.external_id,
      sourceName: row.source_name,
      amount: { minor: BigInt(row.amount_minor), currency: row.currency },
      trace: row.trace,
      eventAt: new Date(row.event_at),
    }),
  );
  const { minor, currency } = payout.amount;
  const restMinor = lines.reduce((left, line) => left - line.amount.minor, minor);
  return { lines, rest: { count: (rows[0]?.lines ?? 0) - lines.length, total: { minor: restMinor, currency } } };
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

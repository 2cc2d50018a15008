import { type SQL, sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { jsonRows, type Tx } from "@/server/db";
import { toDecimal } from "@/server/money";
import type { Conversion } from "./conversion-row";
import type { Statement } from "./record-conversions";

/** One new row of history and the conversion after it. */
export type Change = {
  id: string;
  statement: Statement;
  before: Conversion | null;
  after: Conversion;
  /** False for a report older than what we hold: kept, without effect. */
  applied: boolean;
};

/** Writes conversions with their history and activity: two statements for any number of rows. */
export async function writeConversions(tx: Tx, changes: readonly Change[], now: Date): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ id, statement, before, after, applied }) => ({
    ...columnsOf(after),
    change_id: id,
    delivery_id: statement.deliveryId,
    applied,
    from_status: before?.state.networkStatus ?? null,
    to_status: applied ? after.state.networkStatus : statement.report.status,
    ordering_key: statement.report.orderingKey ?? null,
    said_at: statement.report.occurredAt ?? statement.receivedAt,
  }));
  await tx.execute(
    sql`with input as materialized (
          select * from ${jsonRows(rows)} as r(${COLUMN_TYPES}, change_id text, delivery_id text, applied boolean, from_status text, to_status text,
            ordering_key text, said_at timestamptz)
        ), saved as (${upsertFrom(sql`input`, now)})
        insert into conversion_changes (id, conversion_id, version, delivery_id, applied, from_status, to_status, trust, sale_minor, sale_currency,
          reward_minor, reward_currency, ordering_key, event_at, created_at)
        select change_id, id, version, delivery_id, applied, from_status, to_status, trust, sale_minor, sale_currency,
          reward_minor, reward_currency, ordering_key, said_at, ${now.toISOString()}::timestamptz from input`,
  );
  await recordActivity(tx, changes.filter((change) => change.applied).map(toActivity), now);
}

/** Writes the latest state of conversions that the caller has locked or made. */
export async function saveConversions(tx: Tx, conversions: readonly Conversion[], now: Date): Promise<void> {
  await tx.execute(upsertFrom(sql`${jsonRows(conversions.map(columnsOf))} as r(${COLUMN_TYPES})`, now));
}

const COLUMN_TYPES = sql`id text, source_id text, program_id text, external_id text, network_status text, trust text, sale_minor bigint,
  sale_currency text, reward_minor bigint, reward_currency text, click_ref text, sub_ids jsonb, ordering_keys jsonb, affiliate_id text,
  attributed_via text, unattributed_reason text, unpriced_reason text, version int, event_at timestamptz`;

function upsertFrom(rows: SQL, now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`insert into conversions (id, source_id, program_id, external_id, network_status, trust, sale_minor, sale_currency, reward_minor,
      reward_currency, click_ref, sub_ids, ordering_keys, affiliate_id, attributed_via, unattributed_reason, unpriced_reason, version,
      event_at, updated_at, created_at)
    select id, source_id, program_id, external_id, network_status, trust, sale_minor, sale_currency, reward_minor, reward_currency,
      click_ref, sub_ids, ordering_keys, affiliate_id, attributed_via, unattributed_reason, unpriced_reason, version, event_at, ${at}, ${at}
    from ${rows}
    on conflict (source_id, external_id) do update set network_status = excluded.network_status, trust = excluded.trust,
      sale_minor = excluded.sale_minor, sale_currency = excluded.sale_currency, reward_minor = excluded.reward_minor,
      reward_currency = excluded.reward_currency, click_ref = excluded.click_ref, sub_ids = excluded.sub_ids,
      ordering_keys = excluded.ordering_keys, affiliate_id = excluded.affiliate_id, attributed_via = excluded.attributed_via,
      unattributed_reason = excluded.unattributed_reason, unpriced_reason = excluded.unpriced_reason, version = excluded.version,
      event_at = excluded.event_at, updated_at = excluded.updated_at`;
}

function columnsOf(c: Conversion) {
  const { sale, reward } = c.state;
  return {
    id: c.id,
    source_id: c.sourceId,
    program_id: c.programId,
    external_id: c.externalId,
    network_status: c.state.networkStatus,
    trust: c.state.trust,
    sale_minor: sale?.minor ?? null,
    sale_currency: sale?.currency ?? null,
    reward_minor: reward?.minor ?? null,
    reward_currency: reward?.currency ?? null,
    click_ref: c.state.clickRef,
    sub_ids: c.state.subIds,
    ordering_keys: c.state.orderingKeys,
    affiliate_id: c.affiliateId,
    attributed_via: c.attributedVia,
    unattributed_reason: c.unattributedReason,
    unpriced_reason: c.unpricedReason,
    version: c.version,
    event_at: c.state.eventAt,
  };
}

function toActivity({ statement, before, after }: Change) {
  const shown = after.state.reward ?? after.state.sale;
  const changedStatus = before?.state.networkStatus !== after.state.networkStatus;
  return {
    kind: before === null || changedStatus ? `conversion.${after.state.networkStatus}` : "conversion.changed",
    subjectId: after.id,
    affiliateId: after.affiliateId,
    eventAt: statement.receivedAt,
    details: {
      order: after.externalId,
      source: after.sourceId,
      amount: shown ? toDecimal(shown) : null,
      currency: shown?.currency ?? null,
      parked: after.unattributedReason,
    },
  };
}

import { type SQL, sql } from "drizzle-orm";
import type { Conversion } from "./conversion-row";

/** The columns of a conversion as `columnsOf` fills them, for a `jsonRows` list. */
export const COLUMN_TYPES = sql`id text, source_id text, program_id text, external_id text, network_status text, trust text, sale_minor bigint,
  sale_currency text, reward_minor bigint, reward_currency text, click_ref text, sub_ids jsonb, ordering_keys jsonb, affiliate_id text,
  attributed_via text, unattributed_reason text, unpriced_reason text, version int, event_at timestamptz`;

/** Inserts rows of `COLUMN_TYPES`; one that is there already gets its latest state. */
export function upsertConversions(rows: SQL, now: Date): SQL {
  return sql`${insertConversions(rows, now)} do update set network_status = excluded.network_status, trust = excluded.trust,
      sale_minor = excluded.sale_minor, sale_currency = excluded.sale_currency, reward_minor = excluded.reward_minor,
      reward_currency = excluded.reward_currency, click_ref = excluded.click_ref, sub_ids = excluded.sub_ids,
      ordering_keys = excluded.ordering_keys, affiliate_id = excluded.affiliate_id, attributed_via = excluded.attributed_via,
      unattributed_reason = excluded.unattributed_reason, unpriced_reason = excluded.unpriced_reason, version = excluded.version,
      event_at = excluded.event_at, updated_at = excluded.updated_at`;
}

/** Only the ordering keys of conversions that are there. Found by the unique key of an insert: joined, a database without statistics
 *  reads all conversions there are. */
export function updateOrderingKeys(rows: SQL, now: Date): SQL {
  return sql`${insertConversions(rows, now)} do update set ordering_keys = excluded.ordering_keys`;
}

function insertConversions(rows: SQL, now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`insert into conversions (id, source_id, program_id, external_id, network_status, trust, sale_minor, sale_currency, reward_minor,
      reward_currency, click_ref, sub_ids, ordering_keys, affiliate_id, attributed_via, unattributed_reason, unpriced_reason, version,
      event_at, updated_at, created_at)
    select id, source_id, program_id, external_id, network_status, trust, sale_minor, sale_currency, reward_minor, reward_currency,
      click_ref, sub_ids, ordering_keys, affiliate_id, attributed_via, unattributed_reason, unpriced_reason, version, event_at, ${at}, ${at}
    from ${rows}
    on conflict (source_id, external_id)`;
}

/** A conversion as a row of `COLUMN_TYPES`. */
export function columnsOf(c: Conversion) {
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

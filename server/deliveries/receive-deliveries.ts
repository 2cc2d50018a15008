import { sql } from "drizzle-orm";
import { jsonRows, queryRows, type Tx } from "@/server/db";

/** One inbound request as it goes into the inbox. */
export type NewDelivery = {
  id: string;
  orgId: string;
  sourceId: string;
  receivedAt: Date;
  method: string;
  target: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** How many bytes were kept of a body that was cut; null for a whole one. */
  truncatedAt: number | null;
  signed: "unsigned" | "valid" | "refused";
  result: "accepted" | "quarantined" | "refused";
  reason: string | null;
  externalId: string | null;
  /** What a repeat of this request would share with it, and what it says; null when it was not understood. */
  dedupeKey: string | null;
  fingerprint: string | null;
};

/** What became of a delivery: a repeat of the latest known word on its conversion is a duplicate, and kept all the same. */
export type Receipt = {
  id: string;
  result: "accepted" | "duplicate" | "quarantined" | "refused";
  repeats: string | null;
};

/** Stores deliveries with one statement; what is not accepted is told to the screens at once. The head of each conversion is locked before a delivery gets its number, so deliveries of one
 *  conversion are numbered in the order in which they were compared. No two may share source and dedupe key. Runs as the inbox. */
export async function receiveDeliveries(tx: Tx, deliveries: readonly NewDelivery[], now: Date): Promise<Receipt[]> {
  if (deliveries.length === 0) return [];
  const rows = deliveries.map((delivery, ordinal) => ({
    ordinal,
    id: delivery.id,
    org_id: delivery.orgId,
    source_id: delivery.sourceId,
    received_at: delivery.receivedAt,
    method: delivery.method,
    target: delivery.target,
    headers: delivery.headers,
    body: Buffer.from(delivery.body).toString("base64"),
    truncated_at: delivery.truncatedAt,
    signed: delivery.signed,
    result: delivery.result,
    reason: delivery.reason,
    external_id: delivery.externalId,
    dedupe_key: delivery.dedupeKey,
    fingerprint: delivery.fingerprint,
  }));
  const receipts = await queryRows<Receipt>(
    tx,
    sql`with input as materialized (
          select * from ${jsonRows(rows)} as r(ordinal int, id text, org_id text, source_id text, received_at timestamptz, method text, target text,
            headers jsonb, body text, truncated_at int, signed text, result text, reason text, external_id text, dedupe_key text, fingerprint text)
        ), heads as (
          insert into delivery_heads as h (org_id, source_id, dedupe_key, fingerprint, delivery_id, updated_at)
          select org_id, source_id, dedupe_key, fingerprint, id, received_at from input where dedupe_key is not null order by source_id, dedupe_key
          on conflict (source_id, dedupe_key) do update set
            delivery_id = case when h.fingerprint = excluded.fingerprint then h.delivery_id else excluded.delivery_id end,
            updated_at = case when h.fingerprint = excluded.fingerprint then h.updated_at else excluded.updated_at end,
            fingerprint = excluded.fingerprint
          returning source_id, dedupe_key, delivery_id
        ), outcome as materialized (
          select i.*, case when h.delivery_id <> i.id then 'duplicate' else i.result end as outcome,
            case when h.delivery_id <> i.id then h.delivery_id end as repeats
          from input i left join heads h on h.source_id = i.source_id and h.dedupe_key = i.dedupe_key
        ), added as (
          insert into deliveries (id, org_id, source_id, received_at, method, target, headers, body, truncated_at, signed, result, reason, repeats,
            external_id, created_at)
          select id, org_id, source_id, received_at, method, target, headers, decode(body, 'base64'), truncated_at, signed, outcome, reason, repeats,
            external_id, ${now.toISOString()}::timestamptz
          from outcome order by ordinal
        ), told as (
          insert into activity (org_id, kind, subject_id, details, event_at, created_at)
          select org_id, 'delivery.' || outcome, id, jsonb_build_object('source', source_id, 'order', external_id, 'reason', reason, 'repeats', repeats),
            received_at, ${now.toISOString()}::timestamptz
          from outcome where outcome <> 'accepted' order by ordinal
        )
        select id, outcome as result, repeats from outcome order by ordinal`,
  );
  return receipts;
}

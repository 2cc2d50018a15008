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
  /** Names the signed content; null for an unsigned request. */
  signatureDigest: string | null;
};

/** What became of a delivery: a repeat of the latest known word on its conversion is a duplicate, and kept all the same. */
export type Receipt = {
  id: string;
  result: "accepted" | "duplicate" | "quarantined" | "refused";
  repeats: string | null;
};

/** Stores deliveries with one statement, and writes down for the screens what is not accepted. The head of each conversion is locked before a
 *  delivery gets its number, so deliveries of one conversion are numbered in the order in which they were compared. What was signed once is a
 *  repeat for ever, whatever was said in between: a signature proves who spoke, not that they speak again. No two of `deliveries` may share
 *  source and dedupe key, nor source and signature. Runs as the inbox. */
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
    // Only what was understood: what is in quarantine is looked at afresh when it comes again.
    signature: delivery.result === "accepted" ? delivery.signatureDigest : null,
  }));
  const isSigned = rows.some(({ signature }) => signature !== null);
  const receipts = await queryRows<Receipt>(
    tx,
    sql`with input as materialized (
          select r.*, null::text as signed_before from ${jsonRows(rows)} as r(ordinal int, id text, org_id text, source_id text, received_at timestamptz, method text, target text,
            headers jsonb, body text, truncated_at int, signed text, result text, reason text, external_id text, dedupe_key text, fingerprint text, signature text)
        ), ${isSigned ? SIGNATURES : sql``} heads as (
          insert into delivery_heads as h (org_id, source_id, dedupe_key, fingerprint, delivery_id, updated_at)
          select org_id, source_id, dedupe_key, fingerprint, id, received_at from ${isSigned ? sql`unseen` : sql`input`}
          where dedupe_key is not null and signed_before is null order by source_id, dedupe_key
          on conflict (source_id, dedupe_key) do update set
            delivery_id = case when h.fingerprint = excluded.fingerprint then h.delivery_id else excluded.delivery_id end,
            updated_at = case when h.fingerprint = excluded.fingerprint then h.updated_at else excluded.updated_at end,
            fingerprint = excluded.fingerprint
          returning source_id, dedupe_key, delivery_id
        ), outcome as materialized (
          select i.*, case when coalesce(i.signed_before, h.delivery_id) <> i.id then 'duplicate' else i.result end as outcome,
            case when coalesce(i.signed_before, h.delivery_id) <> i.id then coalesce(i.signed_before, h.delivery_id) end as repeats
          from ${isSigned ? sql`unseen` : sql`input`} i left join heads h on h.source_id = i.source_id and h.dedupe_key = i.dedupe_key
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

/** Looks each signature up and keeps it, before any conversion's head is touched: everybody locks in this order. */
const SIGNATURES = sql`signatures as (
          insert into delivery_heads as h (org_id, source_id, dedupe_key, fingerprint, delivery_id, updated_at)
          select org_id, source_id, 's:' || signature, signature, id, received_at from input where signature is not null order by source_id, signature
          on conflict (source_id, dedupe_key) do update set
            delivery_id = case when h.fingerprint = excluded.fingerprint then h.delivery_id else excluded.delivery_id end,
            updated_at = case when h.fingerprint = excluded.fingerprint then h.updated_at else excluded.updated_at end,
            fingerprint = excluded.fingerprint
          returning source_id, fingerprint as signature, delivery_id
        ), unseen as materialized (
          select i.ordinal, i.id, i.org_id, i.source_id, i.received_at, i.method, i.target, i.headers, i.body, i.truncated_at, i.signed, i.result,
            i.reason, i.external_id, i.dedupe_key, i.fingerprint, i.signature, case when s.delivery_id <> i.id then s.delivery_id end as signed_before
          from input i left join signatures s on s.source_id = i.source_id and s.signature = i.signature
        ),`;

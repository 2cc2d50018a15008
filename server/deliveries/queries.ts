import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";

export type DeliveryResult = "accepted" | "duplicate" | "quarantined" | "refused";

export type DeliverySummary = {
  id: string;
  /** Place in the log; the next page begins below the last one shown. */
  seq: string;
  sourceId: string;
  sourceName: string;
  receivedAt: Date;
  result: DeliveryResult;
  reason: string | null;
  repeats: string | null;
  externalId: string | null;
  conversionId: string | null;
  processedAt: Date | null;
};

export type DeliveryFilter = {
  result?: DeliveryResult;
  sourceId?: string;
  /** The beginning of an order number. */
  order?: string;
  /** Rows below this place in the log. */
  before?: string;
  limit: number;
};

/** The log of deliveries, newest first, by keyset. */
export async function listDeliveries(tx: Tx, filter: DeliveryFilter): Promise<DeliverySummary[]> {
  const conditions: SQL[] = [
    ...(filter.result ? [sql`d.result = ${filter.result}`] : []),
    ...(filter.sourceId ? [sql`d.source_id = ${filter.sourceId}`] : []),
    ...(filter.order ? [sql`starts_with(d.external_id, ${filter.order})`] : []),
    ...(filter.before ? [sql`d.seq < ${filter.before}::bigint`] : []),
  ];
  const rows = await queryRows<DeliveryRow>(
    tx,
    sql`select d.id, d.seq, d.source_id, s.name as source_name, d.received_at, d.result, d.reason, d.repeats, d.external_id, d.processed_at,
          c.id as conversion_id
        from deliveries d join sources s on s.id = d.source_id
        left join conversions c on c.source_id = d.source_id and c.external_id = d.external_id
        where ${conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`}
        order by d.seq desc limit ${filter.limit}`,
  );
  return rows.map(toSummary);
}

export type DeliveryDetail = DeliverySummary & {
  method: string;
  target: string;
  headers: Record<string, string>;
  /** The body as text, with bytes that are no UTF-8 shown as �. */
  bodyText: string;
  bodyBytes: number;
  truncatedAt: number | null;
  signed: "unsigned" | "valid" | "refused";
  /** The changes of conversions that this delivery caused. */
  changes: { conversionId: string; version: number; fromStatus: string | null; toStatus: string; applied: boolean }[];
};

/** One delivery as it was received, with what it caused. Errors: not_found. */
export async function getDelivery(tx: Tx, deliveryId: string): Promise<DeliveryDetail> {
  const [row] = await queryRows<DeliveryRow & RawColumns>(
    tx,
    sql`select d.id, d.seq, d.source_id, s.name as source_name, d.received_at, d.result, d.reason, d.repeats, d.external_id, d.processed_at,
          c.id as conversion_id, d.method, d.target, d.headers, encode(d.body, 'base64') as body, d.truncated_at, d.signed
        from deliveries d join sources s on s.id = d.source_id
        left join conversions c on c.source_id = d.source_id and c.external_id = d.external_id
        where d.id = ${deliveryId}`,
  );
  if (!row) throw new Refusal("not_found", `delivery ${deliveryId} does not exist`);
  const changes = await queryRows<{
    conversion_id: string;
    version: number;
    from_status: string | null;
    to_status: string;
    applied: boolean;
  }>(
    tx,
    sql`select conversion_id, version, from_status, to_status, applied from conversion_changes where delivery_id = ${deliveryId}
        order by conversion_id, version`,
  );
  const body = Buffer.from(row.body, "base64");
  return {
    ...toSummary(row),
    method: row.method,
    target: row.target,
    headers: row.headers,
    bodyText: new TextDecoder().decode(body),
    bodyBytes: body.byteLength,
    truncatedAt: row.truncated_at,
    signed: row.signed,
    changes: changes.map((change) => ({
      conversionId: change.conversion_id,
      version: change.version,
      fromStatus: change.from_status,
      toStatus: change.to_status,
      applied: change.applied,
    })),
  };
}

type DeliveryRow = {
  id: string;
  seq: string;
  source_id: string;
  source_name: string;
  received_at: string;
  result: DeliveryResult;
  reason: string | null;
  repeats: string | null;
  external_id: string | null;
  processed_at: string | null;
  conversion_id: string | null;
};

type RawColumns = {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string;
  truncated_at: number | null;
  signed: "unsigned" | "valid" | "refused";
};

function toSummary(row: DeliveryRow): DeliverySummary {
  return {
    id: row.id,
    seq: row.seq,
    sourceId: row.source_id,
    sourceName: row.source_name,
    receivedAt: new Date(row.received_at),
    result: row.result,
    reason: row.reason,
    repeats: row.repeats,
    externalId: row.external_id,
    conversionId: row.conversion_id,
    processedAt: row.processed_at === null ? null : new Date(row.processed_at),
  };
}
